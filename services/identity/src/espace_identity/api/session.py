"""The session as its person sees it, logout, and the person's other sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel, Field

from espace_identity.api.cookie import SessionCookie
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.session import NoSession, Session
from espace_kernel.access import Insured, Principal, principal_of
from espace_kernel.problems import NotFound, Problem


class SessionView(BaseModel):
    """A session as its person sees it."""

    provider: str = Field(description="with what the person logged in", examples=["luxtrust"])
    acr: str = Field(
        description="how surely the person is known, an eIDAS level of assurance", examples=["http://eidas.europa.eu/LoA/substantial"]
    )
    auth_time: datetime = Field(description="the moment the person proved themselves to the provider")
    ends_at: datetime = Field(description="when the session ends unless it is used before")
    latest_end: datetime = Field(description="when the session ends at the latest")


class OpenSessionView(SessionView):
    """One of a person's open sessions."""

    session: UUID = Field(description="its id")
    opened_at: datetime = Field(description="the moment of the login")
    used_at: datetime = Field(description="when it was used last")
    this: bool = Field(description="whether it is the one that asks")


class SessionsView(BaseModel):
    """Where a person is logged in, the newest first."""

    sessions: list[OpenSessionView]


class LoggedOutView(BaseModel):
    """The session has ended."""

    provider_logout_url: str | None = Field(description="where the person may log out at the provider too; open it in the browser")


def view_of(session: Session) -> SessionView:
    """The session for its person."""
    login = session.login
    return SessionView(
        provider=login.vouched.provider, acr=login.acr, auth_time=login.authenticated_at, ends_at=session.ends_at,
        latest_end=session.latest_end,
    )  # fmt: skip


def _open_view(session: Session, asking: UUID | None) -> OpenSessionView:
    seen = view_of(session).model_dump()
    return OpenSessionView(
        **seen, session=session.id, opened_at=session.login.at, used_at=session.seen_at, this=session.id == asking
    )  # fmt: skip


def routes(do: UseCases, cookie: SessionCookie) -> APIRouter:
    """The routes of the session. Of the one that asks, the cookie is the credential; the others are reached by the person's token."""
    router = APIRouter(prefix="/api/v1")

    @router.get(
        "/session",
        operation_id="getSession",
        summary="See how long the login lasts",
        openapi_extra={"security": [{"session": []}]},
        responses={401: {"description": "There is no session, or it has ended."}},
    )
    async def see(request: Request) -> SessionView:
        try:
            return view_of(await do.see_session(cookie.read(request) or ""))
        except NoSession:
            raise Problem(401, "not-logged-in", "You are not logged in, or the login has ended. Log in and try again.") from None

    @router.delete(
        "/session",
        operation_id="logOut",
        summary="Log out",
        description="The session ends at once. Without a session, or with one that has ended, the answer is the same.",
        openapi_extra={"security": [{"session": []}, {}]},
    )
    async def log_out(request: Request, response: Response) -> LoggedOutView:
        secret = cookie.read(request)
        address = await do.log_out(secret) if secret else None
        cookie.take_back(response)
        return LoggedOutView(provider_logout_url=address)

    @router.get("/sessions", operation_id="listSessions", summary="See where you are logged in")
    async def sessions(insured: Insured, caller: Annotated[Principal, Depends(principal_of)]) -> SessionsView:
        return SessionsView(sessions=[_open_view(session, caller.session) for session in await do.list_sessions(insured)])

    @router.delete(
        "/sessions",
        status_code=204,
        operation_id="logOutEverywhere",
        summary="Log out everywhere",
        description="Every session of the person ends at once, this one too.",
    )
    async def log_out_everywhere(insured: Insured, response: Response) -> None:
        await do.log_out_everywhere(insured)
        cookie.take_back(response)

    @router.delete(
        "/sessions/{session}",
        status_code=204,
        operation_id="endSession",
        summary="End one of your sessions",
        responses={404: {"description": "The person has no such session."}},
    )
    async def end(session: Annotated[UUID, Path(description="its id")], insured: Insured) -> None:
        try:
            await do.remove_session(insured, session)
        except NoSession:
            raise NotFound("session") from None

    return router
