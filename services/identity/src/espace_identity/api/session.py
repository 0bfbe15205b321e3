"""Login, the session as its person sees it, and logout. Here the session's cookie is the credential, not an internal token."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from espace_identity.api.cookie import SessionCookie
from espace_identity.app.log_in_by_matricule import LoginRefused
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.session import NoSession, Session
from espace_kernel.problems import Problem


class DemoLogin(BaseModel):
    """Who logs in to the demo."""

    matricule: str = Field(
        max_length=40, description="the 13 digits on the social security card; spaces and hyphens are ignored", examples=["1983081246785"]
    )


class SessionView(BaseModel):
    """A session as its person sees it."""

    acr: str = Field(
        description="how surely the person is known, an eIDAS level of assurance", examples=["http://eidas.europa.eu/LoA/substantial"]
    )
    auth_time: datetime = Field(description="the moment of the login")
    ends_at: datetime = Field(description="when the session ends unless it is used before")
    latest_end: datetime = Field(description="when the session ends at the latest")


def _view(session: Session) -> SessionView:
    return SessionView(acr=session.login.acr, auth_time=session.login.at, ends_at=session.ends_at, latest_end=session.latest_end)


def _not_logged_in() -> Problem:
    return Problem(401, "not-logged-in", "You are not logged in, or the login has ended. Log in and try again.")


def routes(do: UseCases, cookie: SessionCookie) -> APIRouter:
    """The routes of the session."""
    router = APIRouter(prefix="/api/v1/session")

    @router.post(
        "",
        status_code=201,
        operation_id="logIn",
        summary="Log in to the demo",
        description="Only a demo offers this login. The session is a cookie; whatever session the browser had before has ended.",
        responses={401: {"description": "Nobody logs in with this."}, 404: {"description": "This is no demo."}},
        openapi_extra={"security": []},
    )
    async def log_in(login: DemoLogin, request: Request, response: Response) -> SessionView:
        if do.log_in_by_matricule is None:
            raise Problem(404, "not-found", "There is nothing at this address. Check it against the API's description.")
        try:
            secret, session = await do.log_in_by_matricule(login.matricule, instead_of=cookie.read(request))
        except LoginRefused:
            raise Problem(401, "login-refused", "Nobody can log in with this matricule. Check its 13 digits and try again.") from None
        cookie.give(response, secret)
        return _view(session)

    @router.get(
        "",
        operation_id="getSession",
        summary="See how long the login lasts",
        openapi_extra={"security": [{"session": []}]},
        responses={401: {"description": "There is no session, or it has ended."}},
    )
    async def see(request: Request) -> SessionView:
        try:
            return _view(await do.see_session(cookie.read(request) or ""))
        except NoSession:
            raise _not_logged_in() from None

    @router.delete(
        "",
        status_code=204,
        operation_id="logOut",
        summary="Log out",
        description="The session ends at once. Without a session, or with one that has ended, the answer is the same.",
        openapi_extra={"security": [{"session": []}, {}]},
    )
    async def log_out(request: Request, response: Response) -> None:
        if secret := cookie.read(request):
            await do.close_session(secret)
        cookie.take_back(response)

    return router
