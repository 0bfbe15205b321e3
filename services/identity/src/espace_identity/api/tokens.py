"""Internal tokens: for our own services alone, which prove themselves by HTTP Basic with name and client secret."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, Field

from espace_identity.app.use_cases import UseCases
from espace_identity.domain.clients import Clients, UnknownClient
from espace_identity.domain.session import NoSession
from espace_identity.domain.token import LIFETIME
from espace_kernel.problems import Problem

_ASKS_FOR_PERSONS = "gateway"
"""The one service that holds cookies and so may ask for tokens of persons."""
Credentials = Annotated[HTTPBasicCredentials | None, Depends(HTTPBasic(auto_error=False))]


class SessionSecret(BaseModel):
    """A session, by what the browser's cookie holds."""

    session: str = Field(min_length=1, max_length=200)


class Token(BaseModel):
    """A signed token for the header `Authorization: Bearer`."""

    token: str
    expires_in: int = Field(description="seconds")


def routes(do: UseCases, clients: Clients, key_set: dict[str, Any]) -> APIRouter:
    """The routes of the tokens and of the keys that prove them."""
    router = APIRouter(include_in_schema=False)

    @router.post("/internal/sessions/token")
    async def token_of_person(body: SessionSecret, credentials: Credentials) -> Token:
        if _proven(clients, credentials) != _ASKS_FOR_PERSONS:
            raise Problem(403, "gateway-only", "Tokens of persons are for the gateway. Ask for a service token.")
        try:
            return _answer(await do.issue_person_token(body.session))
        except NoSession:
            raise Problem(404, "no-session", "There is no such session, or it has ended. Have the person log in.") from None

    @router.post("/internal/token")
    async def token_of_service(credentials: Credentials) -> Token:
        return _answer(await do.issue_service_token(_proven(clients, credentials)))

    @router.get("/.well-known/jwks.json")
    async def keys(response: Response) -> dict[str, Any]:
        response.headers["Cache-Control"] = "max-age=60"
        return key_set

    return router


def _proven(clients: Clients, credentials: HTTPBasicCredentials | None) -> str:
    """The name of the service that calls. Raises Problem 401."""
    try:
        if credentials is None:
            raise UnknownClient
        clients.recognise(credentials.username, credentials.password)
    except UnknownClient:
        raise Problem(
            401, "unknown-client", "No service has this name and secret. Check the service's client-secret file.",
            headers={"WWW-Authenticate": "Basic"},
        ) from None  # fmt: skip
    return credentials.username


def _answer(token: str) -> Token:
    return Token(token=token, expires_in=int(LIFETIME.total_seconds()))
