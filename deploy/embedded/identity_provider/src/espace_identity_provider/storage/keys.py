from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from espace_identity_provider.domain.issuer import Issuer

ALGORITHM = "ES256"


class Keys:
    """A key a provider, made new at each start: a client must fetch the keys again when it meets one that it does not know."""

    def __init__(self, issuers: Iterable[Issuer]) -> None:
        self._keys = {issuer.url: ECKey.generate_key("P-256") for issuer in issuers}

    def published(self, issuer: Issuer) -> dict[str, Any]:
        """The issuer's public key, as a set (RFC 7517)."""
        key = self._keys[issuer.url]
        return {"keys": [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM, "kid": key.thumbprint()}]}

    def sign(self, issuer: Issuer, claims: Mapping[str, Any], kind: str) -> str:
        """As the port says."""
        key = self._keys[issuer.url]
        return jwt.encode({"alg": ALGORITHM, "kid": key.thumbprint(), "typ": kind}, dict(claims), key)

    def read(self, issuer: Issuer, token: str) -> Mapping[str, Any] | None:
        """As the port says."""
        try:
            return jwt.decode(token, self._keys[issuer.url], algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            return None
