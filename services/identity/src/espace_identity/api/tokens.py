"""Internal tokens: for our own services alone, which prove themselves by HTTP Basic with name and client secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.issue_token_on_behalf import ActForSomebody
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.clients import Clients, UnknownClient
from espace_identity.domain.mandate import NoMandate
from espace_identity.domain.session import NoSession
from espace_identity.domain.token import LIFETIME
from espace_kernel.problems import Problem

_ASKS_FOR_PERSONS = "gateway"
"""The one service that holds cookies and so may ask for tokens of persons."""
Credentials = Annotated[HTTPBasicCredentials | None, Depends(HTTPBasic(auto_error=False))]


class TokenWish(BaseModel):
    """A session, by what the browser's cookie holds; and whom its person acts for, where, and for what, if not for themselves."""

    session: str = Field(min_length=1, max_length=200)
    counts_as_use: bool = Field(True, description="false: to look at the session does not prolong it")
    on_behalf_of: UUID | None = None
    service: str = Field("", max_length=40, description="of the operation; wanted with on_behalf_of")
    operation: str | None = Field(None, max_length=80, description="its operationId, for the access log")


class Token(BaseModel):
    """A signed token for the header `Authorization: Bearer`."""

    token: str
    expires_in: int = Field(description="seconds")


class PersonTokenView(Token):
    """A token that opens a person's file."""

    session: UUID = Field(description="the session it comes from")
    insured: UUID = Field(description="whose file it opens")


def routes(do: UseCases, clients: Clients, key_set: Callable[[], dict[str, Any]]) -> APIRouter:
    """The routes of the tokens and of the keys that prove them."""
    router = APIRouter(include_in_schema=False)

    @router.post("/internal/sessions/token")
    async def token_of_person(wish: TokenWish, credentials: Credentials) -> PersonTokenView:
        if _proven(clients, credentials) != _ASKS_FOR_PERSONS:
            raise Problem(403, "gateway-only", "Tokens of persons are for the gateway. Ask for a service token.")
        try:
            if wish.on_behalf_of is None:
                issued = await do.issue_person_token(wish.session, counts_as_use=wish.counts_as_use)
            else:
                act = ActForSomebody(represented=InsuredId(wish.on_behalf_of), service=wish.service, operation=wish.operation or "unnamed")
                issued = await do.issue_token_on_behalf(wish.session, act)
        except NoSession:
            raise Problem(404, "no-session", "There is no such session, or it has ended. Have the person log in.") from None
        except NoMandate:
            raise Problem(
                403, "no-mandate", "You hold no mandate of this person for this part of the eSpace. Ask them for one, or act for yourself."
            ) from None
        return PersonTokenView(token=issued.token, expires_in=_SECONDS, session=issued.session, insured=issued.insured)

    @router.post("/internal/token")
    async def token_of_service(credentials: Credentials) -> Token:
        return Token(token=await do.issue_service_token(_proven(clients, credentials)), expires_in=_SECONDS)

    @router.get("/.well-known/jwks.json")
    async def keys(response: Response) -> dict[str, Any]:
        response.headers["Cache-Control"] = "no-cache"  # who asks met a key it does not know
        return key_set()

    return router


_SECONDS = int(LIFETIME.total_seconds())


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
