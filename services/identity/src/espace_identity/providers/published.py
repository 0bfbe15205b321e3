"""What a provider publishes of itself: where everything is (OpenID Connect Discovery 1.0), and its keys. Read once, then now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from espace_identity.app.ports import Clock
from espace_identity.domain.login import LoginRefused, Refusal
from espace_identity.providers.transport import SECONDS, Unreadable
from espace_kernel.logs import logger

log = logger()

ALGORITHMS = ("ES256", "PS256", "RS256")
"""What a provider may sign with: public keys alone, and never `none`."""
_CURRENT = timedelta(hours=1)
"""After this time what was read is read again."""
_USABLE = timedelta(hours=24)
"""Up to this age it serves while the provider cannot be read."""
_ASKED_AGAIN = timedelta(seconds=10)
"""An unknown key is looked for at most this often: a made-up key id is no way to flood a provider."""
_SHORTEST_RSA_TEXT = 342
"""Characters of a modulus of 2048 bits in base64url; a shorter key is weak."""
_LONGEST_URL = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Metadata:
    """The addresses of a provider. `names_itself`: it promises to say `iss` in each callback (RFC 9207)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None
    names_itself: bool


def is_safe(url: object) -> bool:
    """Over https; plain http leads to this machine alone."""
    if not isinstance(url, str) or len(url) > _LONGEST_URL:
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.fragment or parts.username is not None or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and (host == "localhost" or _is_loopback(host)))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def metadata_in(document: Mapping[str, Any], issuer: str) -> Metadata:
    """What we need of it. Raises LoginRefused for a provider that is another one, or does not do what protects the person."""
    addresses = [document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    end = document.get("end_session_endpoint")
    said = {
        "issuer": document.get("issuer") == issuer,
        "addresses": all(is_safe(address) for address in addresses) and (end is None or is_safe(end)),
        "pkce": "S256" in _listed(document, "code_challenge_methods_supported", ()),
        "code": "code" in _listed(document, "response_types_supported", ()),
        "algorithms": bool(set(ALGORITHMS) & set(_listed(document, "id_token_signing_alg_values_supported", ("RS256",)))),
        "secret": "client_secret_basic" in _listed(document, "token_endpoint_auth_methods_supported", ("client_secret_basic",)),
    }
    if wrong := [name for name, right in said.items() if not right]:
        log.error("a provider's metadata cannot be used", reason=", ".join(wrong))
        raise LoginRefused(Refusal.METADATA)
    authorization, token, keys = map(str, addresses)
    return Metadata(
        authorization_endpoint=authorization, token_endpoint=token, jwks_uri=keys, end_session_endpoint=end,
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )  # fmt: skip


def _listed(document: Mapping[str, Any], name: str, otherwise: tuple[str, ...]) -> tuple[object, ...]:
    values = document.get(name, otherwise)
    return tuple(values) if isinstance(values, list | tuple) else ()


def keys_in(document: Mapping[str, Any]) -> KeySet:
    """The keys to check signatures with; shared secrets, keys for encryption and weak ones are left out. Raises LoginRefused."""
    keys: list[ECKey | RSAKey] = []
    listed = document.get("keys")
    for data in listed if isinstance(listed, list) else ():
        try:
            if data.get("kty") == "EC" and data.get("use", "sig") == "sig":
                keys.append(ECKey.import_key(data))
            elif data.get("kty") == "RSA" and data.get("use", "sig") == "sig" and len(data["n"]) >= _SHORTEST_RSA_TEXT:
                keys.append(RSAKey.import_key(data))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue  # a key we cannot read signs nothing for us
    if not keys:
        raise LoginRefused(Refusal.KEYS)
    return KeySet([*keys])


class Published:
    """A provider's metadata and keys, as they were read last."""

    def __init__(self, http: httpx2.AsyncClient, issuer: str, clock: Clock) -> None:
        self._http, self._issuer, self._clock = http, issuer, clock
        self._metadata: tuple[Metadata, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None
        self._reading = asyncio.Lock()

    async def metadata(self) -> Metadata:
        """Raises LoginRefused when the provider cannot be read and was not for long, or is not to be trusted."""
        async with self._reading:
            return await self._current_metadata()

    async def keys(self, key_id: object) -> KeySet:
        """The keys, read anew when this one is not among them. Raises LoginRefused."""
        async with self._reading:
            if self._keys is not None and self._suffices(*self._keys, key_id):
                return self._keys[0]
            metadata = await self._current_metadata()
            try:
                self._keys = keys_in(await self._json(metadata.jwks_uri, Refusal.KEYS)), self._clock()
            except LoginRefused as refused:
                if refused.why is not Refusal.AWAY or self._keys is None or not self._still_usable(self._keys[1]):
                    raise
            return self._keys[0]

    async def _current_metadata(self) -> Metadata:
        if self._metadata is not None and self._clock() - self._metadata[1] < _CURRENT:
            return self._metadata[0]
        try:
            document = await self._json(f"{self._issuer}/.well-known/openid-configuration", Refusal.METADATA)
        except LoginRefused as refused:
            if refused.why is Refusal.AWAY and self._metadata is not None and self._still_usable(self._metadata[1]):
                return self._metadata[0]
            raise
        self._metadata = metadata_in(document, self._issuer), self._clock()
        return self._metadata[0]

    def _suffices(self, keys: KeySet, read_at: datetime, key_id: object) -> bool:
        known = key_id is None or any(key.kid == key_id for key in keys.keys)
        return self._clock() - read_at < (_CURRENT if known else _ASKED_AGAIN)

    def _still_usable(self, read_at: datetime) -> bool:
        return self._clock() - read_at < _USABLE

    async def _json(self, url: str, otherwise: Refusal) -> Mapping[str, Any]:
        try:
            async with asyncio.timeout(SECONDS):
                answer = await self._http.get(url, headers={"accept": "application/json"})
        except Unreadable:
            raise LoginRefused(otherwise) from None
        except (httpx2.HTTPError, TimeoutError):
            raise LoginRefused(Refusal.AWAY) from None
        if answer.is_server_error:
            raise LoginRefused(Refusal.AWAY)
        try:
            document = answer.json() if answer.is_success else None
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise LoginRefused(otherwise)
        return document
