"""Logging in with a provider. These routes are opened by a browser that is sent to and fro, not called by a program."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import Locale
from espace_identity.api.cookie import LoginCookie, SessionCookie
from espace_identity.api.refusals import told_as_problems
from espace_identity.api.session import SessionView, view_of
from espace_identity.app.begin_login import LoginWish
from espace_identity.app.finish_login import Callback, LinkNeeded, LoggedIn
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.login import LoginRefused, Refusal
from espace_kernel.problems import Problem

ProviderInPath = Annotated[str, Path(description="luxtrust, eid or eidas", max_length=20, examples=["luxtrust"])]
_NOT_KEPT = {"Cache-Control": "no-store"}


class ProviderView(BaseModel):
    """A way to log in."""

    provider: str = Field(description="its id, for the address of the login", examples=["luxtrust"])
    name: str = Field(description="what its button says", examples=["LuxTrust"])
    about: str = Field(description="what is needed for it", examples=["You get a LuxTrust product from your bank or from LuxTrust."])
    note: str | None = Field(description="what to know before choosing it, such as a maintenance")


class ProvidersView(BaseModel):
    """The ways to log in, in the order of the page."""

    providers: list[ProviderView]


class LoginQuery(BaseModel):
    """How a person wants to log in."""

    return_to: str = Field("/", max_length=500, description="a path of the eSpace", examples=["/procedures"])
    step_up: bool = Field(False, description="have the person prove anew that it is still them")
    locale: Locale = Field(Locale.FRENCH, description="the person's language")


class CallbackQuery(BaseModel):
    """What a provider says through the browser (OpenID Connect Core 3.1.2.5, RFC 9207)."""

    state: str | None = Field(None, max_length=200)
    code: str | None = Field(None, max_length=2000)
    error: str | None = Field(None, max_length=200)
    iss: str | None = Field(None, max_length=2000)


class LinkWish(BaseModel):
    """The matricule of the person who logged in with the identity of another country."""

    matricule: str = Field(
        max_length=40, description="the 13 digits on the social security card; spaces and hyphens are ignored", examples=["1983081246785"]
    )


class LinkedView(BaseModel):
    """The identity is linked, and the person is logged in."""

    session: SessionView
    return_to: str = Field(description="the path the login was begun from", examples=["/"])


def routes(do: UseCases, session_cookie: SessionCookie, login_cookie: LoginCookie) -> APIRouter:
    """The routes of the login."""
    router = APIRouter(prefix="/api/v1/login")

    @router.get("/providers", operation_id="listLoginProviders", summary="See the ways to log in", openapi_extra={"security": []})
    async def providers(locale: Annotated[Locale, Query(description="the person's language")] = Locale.FRENCH) -> ProvidersView:
        choices = do.list_providers(locale)
        return ProvidersView(
            providers=[ProviderView(provider=each.provider, name=each.name, about=each.about, note=each.note) for each in choices]
        )

    @router.get(
        "/{provider}",
        operation_id="beginLogin",
        summary="Log in with a provider",
        description="Sends the browser to the provider. A step-up has a person who is logged in prove anew that it is still them.",
        status_code=302,
        response_class=RedirectResponse,
        responses={
            401: {"description": "A step-up wants a session."},
            404: {"description": "There is no such way to log in."},
            422: {"description": "The address to return to is not a path of the eSpace."},
            502: {"description": "The provider is not to be trusted."},
            503: {"description": "The provider is away."},
        },
        openapi_extra={"security": []},
    )
    async def begin(provider: ProviderInPath, query: Annotated[LoginQuery, Query()], request: Request) -> RedirectResponse:
        wish = LoginWish(provider=provider, return_to=query.return_to, step_up=query.step_up, locale=query.locale)
        with told_as_problems():
            sent = await do.begin_login(wish, session_cookie.read(request))
        redirect = RedirectResponse(sent.address, 302, headers=_NOT_KEPT)
        login_cookie.give(redirect, sent.browser)
        return redirect

    @router.get(
        "/callback/{provider}",
        operation_id="finishLogin",
        summary="Come back from a provider",
        description="The provider sends the browser here. Counts once, in the browser that began the login, within ten minutes.",
        status_code=302,
        response_class=RedirectResponse,
        responses={
            400: {"description": "The login is over, was begun elsewhere, or was cancelled."},
            403: {"description": "This person cannot log in, or not at this level of assurance."},
            409: {"description": "The identity of another country is to be linked first, with the cookie that comes with this answer."},
            502: {"description": "The provider's answer did not pass the checks."},
            503: {"description": "The provider is away."},
        },
        openapi_extra={"security": []},
    )
    async def finish(provider: ProviderInPath, query: Annotated[CallbackQuery, Query()], request: Request) -> Response:
        callback = Callback(
            provider=provider, state=query.state, code=query.code, error=query.error, issuer=query.iss,
            browser=login_cookie.read(request), session=session_cookie.read(request),
        )  # fmt: skip
        with told_as_problems():
            _check_each_once(request)
            ended = await do.finish_login(callback)
        return _to_be_linked(ended) if isinstance(ended, LinkNeeded) else _logged_in(ended)

    @router.post(
        "/links",
        status_code=201,
        operation_id="linkIdentity",
        summary="Link the identity of another country",
        description="After a login that ended in `identity-not-linked`. Name and date of birth must be those of the file.",
        responses={
            403: {"description": "The file does not fit, or the person cannot log in."},
            404: {"description": "Nothing is to be linked in this browser."},
            422: {"description": "This is no matricule."},
            429: {"description": "Too many tries today."},
        },
        openapi_extra={"security": []},
    )
    async def link(wish: LinkWish, request: Request, response: Response) -> LinkedView:
        with told_as_problems():
            linked = await do.link_identity(login_cookie.read(request), wish.matricule, session_cookie.read(request))
        session_cookie.give(response, linked.secret)
        login_cookie.take_back(response)
        return LinkedView(session=view_of(linked.session), return_to=linked.return_to)

    def _to_be_linked(ended: LinkNeeded) -> Response:
        answer = _not_linked().response()
        login_cookie.give(answer, ended.secret)
        return answer

    def _logged_in(ended: LoggedIn) -> Response:
        redirect = RedirectResponse(ended.return_to, 302, headers=_NOT_KEPT)
        session_cookie.give(redirect, ended.secret)
        login_cookie.take_back(redirect)
        return redirect

    return router


def _check_each_once(request: Request) -> None:
    """No parameter comes twice (RFC 6749, 3.1)."""
    if any(count > 1 for count in Counter(name for name, _ in request.query_params.multi_items()).values()):
        raise LoginRefused(Refusal.CALLBACK)


def _not_linked() -> Problem:
    return Problem(
        409,
        "identity-not-linked",
        "The eSpace does not know this electronic identity yet. Give your matricule once to link it.",
    )
