"""Who is let pass the door: not what another site sends, not what comes too often, and where a login is wanted nobody without one."""

from __future__ import annotations

import math
import time
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from espace_contracts.vocabulary import InsuredId
from espace_gateway.api.session_cookie import cookie_name, login_cookie_name, secret_in
from espace_gateway.app.person_tokens import PersonTokens
from espace_gateway.app.ports import Identity, IssuedToken, NoMandate, NoSession
from espace_gateway.domain.address import Network, caller_of
from espace_gateway.domain.cross_site import comes_from_another_site
from espace_gateway.domain.operation import ON_BEHALF_OF, Operation
from espace_gateway.domain.rates import Allowances, Per, rates_for
from espace_kernel.problems import Problem


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where persons open the eSpace, and which proxies stand before it."""

    origin: str
    """As a browser writes it in Origin: scheme, host, and the port unless it is the scheme's own."""
    https: bool
    proxies: Collection[Network] = ()


class Admission:
    """Asked by every route of the door. `allowances` None: nobody is counted."""

    def __init__(self, public: PublicAddress, identity: Identity, tokens: PersonTokens, allowances: Allowances | None) -> None:
        self._public, self._identity, self._tokens, self._allowances = public, identity, tokens, allowances
        self._cookie, self._login_cookie = cookie_name(https=public.https), login_cookie_name(https=public.https)

    def admit(self, operation: Operation, request: Request) -> None:
        """What holds for everybody. Raises Problem 403, 429."""
        headers = request.headers
        if comes_from_another_site(request.method, headers.get("sec-fetch-site"), headers.get("origin"), self._public.origin):
            raise Problem(403, "cross-site", "Another site sent this request in your name, so nothing was changed. Open the eSpace itself.")
        peer = request.client.host if request.client is not None else ""
        self._count(operation, Per.ADDRESS, caller_of(peer, ",".join(headers.getlist("x-forwarded-for")), self._public.proxies))

    async def person(self, operation: Operation, request: Request) -> IssuedToken:
        """The token for this operation: of the person who is logged in, or of whom they act for. Raises Problem 401, 403, 422, 429."""
        represented = _represented(operation, request)
        session = self.session(request)
        try:
            if session is None:
                raise NoSession
            own = await self._tokens(session)
            self._count(operation, Per.PERSON, str(own.insured))
            return own if represented is None else await self._identity.token_on_behalf(session, represented, operation)
        except NoSession:
            raise not_logged_in() from None
        except NoMandate:
            raise Problem(
                403, "no-mandate", "You hold no mandate of this person for this. Ask them to give you one, or leave the header "
                f"{ON_BEHALF_OF} out to act for yourself.",
            ) from None  # fmt: skip

    async def page(self, operation: Operation, request: Request) -> tuple[str, IssuedToken]:
        """The session of an open page and whose it is, without using it. Raises Problem 401, 403, 429."""
        _represented(operation, request)
        session = self.session(request)
        try:
            if session is None:
                raise NoSession
            own = await self._identity.look_at(session)
        except NoSession:
            raise not_logged_in() from None
        self._count(operation, Per.PERSON, str(own.insured))
        return session, own

    def session(self, request: Request) -> str | None:
        """The secret of the session, as the browser sent it."""
        return secret_in(request, self._cookie)

    def cookies(self, request: Request) -> str:
        """The cookies that identity gave, as the header Cookie holds them."""
        found = {name: secret_in(request, name) for name in (self._cookie, self._login_cookie)}
        return "; ".join(f"{name}={secret}" for name, secret in found.items() if secret is not None)

    def _count(self, operation: Operation, per: Per, caller: str) -> None:
        if self._allowances is None:
            return
        for rate in rates_for(operation, per):
            wait = self._allowances.take(rate, caller, time.monotonic())
            if wait > 0:
                name, seconds = rate.name.lower().replace("_", "-"), math.ceil(wait)
                raise Problem(
                    429, "too-many-requests", f"Too many requests came from you within a short time. Try again in {seconds} s.",
                    headers={
                        "Retry-After": str(seconds),
                        "RateLimit-Policy": f'"{name}";q={rate.count};w={rate.seconds}',
                        "RateLimit": f'"{name}";r=0;t={seconds}',
                    },
                )  # fmt: skip


def not_logged_in() -> Problem:
    """Nobody is logged in on this request."""
    return Problem(401, "not-logged-in", "You are not logged in, or the login has ended. Log in and try again.")


def _represented(operation: Operation, request: Request) -> InsuredId | None:
    named = request.headers.get(ON_BEHALF_OF)
    if named is None:
        return None
    if not operation.for_others:
        raise Problem(403, "not-by-mandate", f"This cannot be done for somebody else. Leave the header {ON_BEHALF_OF} out.")
    try:
        return InsuredId(UUID(named))
    except ValueError:
        errors = [{"field": ON_BEHALF_OF, "detail": "This is not the id of a person. Take it from the list of your mandates."}]
        raise Problem(
            422, "invalid-request", "Some fields are missing or malformed. Correct each field named under errors.", errors=errors
        ) from None
