"""Who calls: short-lived internal tokens, signed by identity with ES256 and verified by every service for itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import httpx
from fastapi import Depends, Request
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from espace_contracts.vocabulary import InsuredId
from espace_kernel.clock import utc_now
from espace_kernel.problems import Problem

ISSUER = "espace-identity"
AUDIENCE = "espace"
ALGORITHM = "ES256"
FRESH_SECONDS = 300
"""How long a login counts as fresh for what wants a fresh one: bank details, the delivery channel, mandates."""

_REFETCH_SECONDS = 1.0
_KEEP_SECONDS = 300.0
"""How long fetched keys count as current: a key that identity withdrew opens nothing after this."""

_RANKS = {f"http://eidas.europa.eu/LoA/{level}": rank for rank, level in enumerate(("low", "substantial", "high"))}
_SUBSTANTIAL = _RANKS["http://eidas.europa.eu/LoA/substantial"]


@dataclass(frozen=True, slots=True)
class Principal:
    """The verified caller: an insured person (`insured` is set) or one of our services (`service` is set)."""

    insured: InsuredId | None
    service: str | None
    acr: str
    auth_time: int
    """Seconds since 1970 of the moment the caller proved who they are."""
    session: UUID | None = None
    """The session of the caller's login; None for a service."""
    acting: InsuredId | None = None
    """Who really calls when it is not `insured`: the holder of a mandate, on behalf of `insured`."""
    scopes: frozenset[str] = frozenset()
    """The services that a caller on behalf of somebody may use, by name."""

    @property
    def name(self) -> str:
        """What the caller is known by where callers are kept apart: who acts for a person is not taken for that person."""
        return f"{self.acting} for {self.insured}" if self.acting else str(self.insured or self.service)


KeySource = Callable[[], Awaitable[KeySet]]


def keys_from(identity_url: str) -> KeySource:
    """The key set identity publishes."""

    async def fetch() -> KeySet:
        async with httpx.AsyncClient(timeout=5) as http:
            answer = await http.get(f"{identity_url}/.well-known/jwks.json")
            answer.raise_for_status()
            return KeySet.import_key_set(answer.json())

    return fetch


class TokenVerifier:
    """Checks signature, issuer, audience and times.

    Keys are fetched when a token names one not seen yet, so that a rotation needs nothing here, and anew from time to time, so that a
    withdrawn key is forgotten. While identity is away, the keys that are known go on holding.
    """

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._keys: KeySet | None = None
        self._fetched_at = 0.0
        self._fetching = asyncio.Lock()

    async def verify(self, token: str) -> Principal:
        """Raises Problem 401 for a token that does not hold, 503 while identity cannot be asked for its keys."""
        try:
            decoded = jwt.decode(token, await self._key_set(token), algorithms=[ALGORITHM])
            registry = jwt.JWTClaimsRegistry(
                leeway=5,
                iss={"essential": True, "value": ISSUER},
                aud={"essential": True, "value": AUDIENCE},
                exp={"essential": True},
                iat={"essential": True},
            )
            registry.validate(decoded.claims)
            return _principal(decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError):
            raise _not_logged_in() from None

    async def _key_set(self, token: str) -> KeySet:
        key_id = jws.extract_compact(token.encode()).headers().get("kid")
        if self._keys is not None and self._suffices(self._keys, key_id):
            return self._keys
        async with self._fetching:
            if self._keys is None or not self._suffices(self._keys, key_id):  # unless another request fetched them meanwhile
                self._keys = await self._fetched(key_id)
        return self._keys

    async def _fetched(self, key_id: object) -> KeySet:
        try:
            keys = await self._source()
        except httpx.HTTPError:
            if self._keys is None or not _has(self._keys, key_id):
                raise Problem(503, "identity-away", "The login cannot be checked right now. Try again in a moment.") from None
            return self._keys
        self._fetched_at = time.monotonic()
        return keys

    def _suffices(self, keys: KeySet, key_id: object) -> bool:
        """The key is known and current, or was asked for a moment ago and is not there: a made-up key id cannot flood identity."""
        age = time.monotonic() - self._fetched_at
        return age < (_KEEP_SECONDS if _has(keys, key_id) else _REFETCH_SECONDS)


def _has(keys: KeySet, key_id: object) -> bool:
    return any(key.kid == key_id for key in keys.keys)


def _principal(claims: dict[str, Any]) -> Principal:
    insured = InsuredId(UUID(claims["sub"])) if claims["kind"] == "person" else None
    return Principal(
        insured=insured,
        service=None if insured else claims["sub"],
        acr=claims.get("acr", ""),
        auth_time=int(claims.get("auth_time", 0)),
        session=UUID(str(claims["sid"])) if "sid" in claims else None,
        acting=InsuredId(UUID(str(claims["act"]["sub"]))) if "act" in claims else None,
        scopes=frozenset(str(claims.get("scope", "")).split()),
    )


def _not_logged_in() -> Problem:
    return Problem(401, "not-logged-in", "You are not logged in, or the login has ended. Log in and try again.")


async def principal_of(request: Request) -> Principal:
    """The caller of a request, verified once per request. Raises Problem 401."""
    if not hasattr(request.state, "principal"):
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise _not_logged_in()
        verifier: TokenVerifier = request.app.state.verifier
        request.state.principal = await verifier.verify(token)
    principal: Principal = request.state.principal
    return principal


async def _insured_person(request: Request) -> Principal:
    principal = await principal_of(request)
    if principal.insured is None or _RANKS.get(principal.acr, 0) < _SUBSTANTIAL:
        raise Problem(
            403, "level-of-assurance", "This wants a login at the level substantial or higher. Log in with LuxTrust, eID or eIDAS."
        )
    if principal.acting is not None and request.app.title not in principal.scopes:  # a service's application bears its name
        raise Problem(
            403, "no-mandate", "You hold no mandate of this person for this part of the eSpace. Ask them for one, or act for yourself."
        )
    return principal


async def _freshly_logged_in(principal: Annotated[Principal, Depends(_insured_person)]) -> Principal:
    if principal.acting is not None:
        raise Problem(403, "not-by-mandate", "Nobody may do this on behalf of another person. The person does it with their own login.")
    if utc_now().timestamp() - principal.auth_time > FRESH_SECONDS:
        raise Problem(403, "fresh-login-needed", "To protect you, this wants a fresh login. Log in again, then repeat the step.")
    return principal


async def _service(request: Request) -> Principal:
    principal = await principal_of(request)
    if principal.service is None:
        raise Problem(403, "services-only", "This address is for the eSpace's own services.")
    return principal


def _insured_id(principal: Annotated[Principal, Depends(_insured_person)]) -> InsuredId:
    assert principal.insured is not None
    return principal.insured


def _fresh_insured_id(principal: Annotated[Principal, Depends(_freshly_logged_in)]) -> InsuredId:
    assert principal.insured is not None
    return principal.insured


Insured = Annotated[InsuredId, Depends(_insured_id)]
"""Parameter of a route: the id of the person whose file it is about, who calls, logged in at substantial or higher.

With a mandate for this service its holder may call in their place; `principal_of(request).acting` then says who it is.
"""
FreshInsured = Annotated[InsuredId, Depends(_fresh_insured_id)]
"""As Insured, by the person alone, and their login is at most FRESH_SECONDS old."""
CallingService = Annotated[Principal, Depends(_service)]
"""Parameter of a route that only our own services may call."""
