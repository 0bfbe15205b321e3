"""The authorization endpoint, and the page on which a person says who they are."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from espace_identity_provider.api.form import Form
from espace_identity_provider.api.pages import LoginPage, Pages
from espace_identity_provider.api.session_cookie import SessionCookie
from espace_identity_provider.app.ports import FundAway
from espace_identity_provider.app.use_cases import UseCases
from espace_identity_provider.domain.authorization import (
    AuthorizationRequest,
    Parameters,
    Refused,
    Unanswerable,
    answer,
    check_where_to_answer,
    languages_in,
    read,
)
from espace_identity_provider.domain.issuer import Issuer
from espace_identity_provider.domain.login import Choice
from espace_identity_provider.domain.person import Card, NotAMatricule
from espace_identity_provider.domain.provider import Level

COUNTRIES = ("BE", "DE", "FR", "IT", "PT")
_CARDS = range(1, 100)


class Door:
    """Where a client's request comes in, and leaves with an answer or shows the page."""

    def __init__(self, do: UseCases, issuer: Issuer, pages: Pages) -> None:
        self._do, self._issuer, self._pages = do, issuer, pages
        self._cookie = SessionCookie(issuer.provider.id)

    async def asks(self, request: Request, asked: Parameters) -> Response:
        """A client asks who the person is."""
        try:
            wish = self._read(asked)
            code = self._do.ask_for_login(self._issuer, wish, self._cookie.read(request))
            return await self._page(asked, wish) if code is None else self._back(asked, code=code)
        except (Unanswerable, Refused, FundAway) as error:
            return self._failed(asked, error)

    async def logs_in(self, request: Request, asked: Parameters, form: dict[str, str]) -> Response:
        """The person has sent the page."""
        try:
            wish = self._read(asked)
            try:
                choice = await self._chosen(form)
            except NotAMatricule:
                return await self._page(asked, wish, typed=form.get("matricule", ""))
            code, secret = self._do.log_in(self._issuer, wish, choice, self._cookie.read(request))
        except (Unanswerable, Refused, FundAway) as error:
            return self._failed(asked, error)
        response = self._back(asked, code=code)
        self._cookie.give(response, secret)
        return response

    def _read(self, asked: Parameters) -> AuthorizationRequest:
        check_where_to_answer(self._issuer, asked)
        return read(self._issuer, asked)

    async def _chosen(self, form: dict[str, str]) -> Choice:
        """Raises NotAMatricule, FundAway, Refused. What was typed counts more than what was picked."""
        if form.get("decision") == "cancel":
            raise Refused("access_denied", "The person did not log in.")
        level, country, number = form.get("level", ""), form.get("country", "FR"), form.get("card", "1")
        if level.upper() not in Level.__members__ or country not in COUNTRIES or not number.isdecimal() or int(number) not in _CARDS:
            raise Refused("invalid_request", "The page was sent with a choice that it does not offer.")
        person = await self._do.find_person(form.get("matricule", "").strip() or form.get("person", ""))
        return Choice(person=person, level=Level[level.upper()], card=Card(country, int(number)))

    async def _page(self, asked: Parameters, wish: AuthorizationRequest, typed: str | None = None) -> Response:
        usual = self._issuer.provider.level
        level = usual if usual.suffices(wish.acr_values) else next(level for level in Level if level.suffices(wish.acr_values))
        page = LoginPage(self._issuer, asked, await self._do.persons.demo(), COUNTRIES, level, typed)
        return self._pages.login(page, languages_in(asked))

    def _failed(self, asked: Parameters, error: Exception) -> Response:
        match error:
            case Refused():
                return self._back(asked, error=error.error, error_description=error.description)
            case FundAway():
                return self._pages.fund_away(languages_in(asked))
            case _:
                return self._pages.refusal(str(error), languages_in(asked))

    def _back(self, asked: Parameters, **words: str) -> RedirectResponse:
        return RedirectResponse(answer(self._issuer, asked, **words), 303, headers={"Cache-Control": "no-store"})


def routes(do: UseCases, issuer: Issuer, pages: Pages) -> APIRouter:
    """The addresses /<provider>/authorize, which clients know, and /<provider>/login, which the page knows."""
    router, door = APIRouter(prefix=f"/{issuer.provider.id}"), Door(do, issuer, pages)

    @router.get("/authorize", summary="Ask who the person is")
    async def ask(request: Request) -> Response:
        return await door.asks(request, request.query_params.multi_items())

    @router.post("/authorize", summary="Ask who the person is, by a form")
    async def ask_by_form(request: Request, form: Form) -> Response:
        return await door.asks(request, form)

    @router.post("/login", summary="Say who one is")
    async def log_in(request: Request, form: Form) -> Response:
        return await door.logs_in(request, request.query_params.multi_items(), dict(form))

    @router.get("/login", summary="Come back to the page")
    async def again(request: Request) -> RedirectResponse:
        return RedirectResponse(f"{issuer.url}/authorize?{urlencode(request.query_params.multi_items())}", 303)

    return router
