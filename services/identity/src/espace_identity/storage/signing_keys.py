"""The keys of internal tokens, from secret files.

To change the key: rename the current file to the previous one's name, put the new key in its place, restart identity. Services fetch a key
they have not seen yet; the previous one stays published while tokens that it signed may live.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from espace_identity.domain.token import Claims
from espace_kernel.access import ALGORITHM, AUDIENCE, ISSUER

CURRENT = "identity-signing-key.pem"
PREVIOUS = "identity-signing-key.previous.pem"
_CURVE = "P-256"


class SigningKeys:
    """The key that signs, and the public halves of all keys whose tokens still hold."""

    def __init__(self, current: ECKey, previous: ECKey | None = None) -> None:
        if not current.is_private:
            raise ValueError(f"{CURRENT} holds a public key. Put the private key there.")
        self._current = current
        published = [_public(key) for key in (current, previous) if key is not None]
        self._published: dict[str, Any] = {"keys": published}

    @classmethod
    def read(cls, folder: Path) -> SigningKeys:
        """Raises FileNotFoundError when there is no current key, ValueError when a file holds no EC key on P-256."""
        previous = folder / PREVIOUS
        return cls(_key(folder / CURRENT), _key(previous) if previous.exists() else None)

    @property
    def published(self) -> dict[str, Any]:
        """The key set as RFC 7517 writes it, without any private part."""
        return self._published

    async def key_set(self) -> KeySet:
        """What identity's own verifier reads in place of the published address."""
        return KeySet.import_key_set(self._published)  # type: ignore[arg-type]  # joserfc wants its own TypedDict

    def sign(self, claims: Claims) -> str:
        """The claims as a JWT signed with ES256; `kid` is the key's thumbprint by RFC 7638."""
        body: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": claims.subject,
            "kind": "service" if claims.assurance is None else "person",
            "iat": int(claims.issued_at.timestamp()),
            "exp": int(claims.ends_at.timestamp()),
        }
        if known := claims.assurance:
            body |= {"acr": known.acr, "auth_time": int(known.at.timestamp()), "sid": str(known.session)}
        return jwt.encode({"alg": ALGORITHM, "kid": self._current.thumbprint()}, body, self._current)


def _key(file: Path) -> ECKey:
    try:
        key = ECKey.import_key(file.read_text(encoding="utf-8"))
    except (ValueError, JoseError):
        raise ValueError(f"{file.name} holds no EC key in PEM. Make one on the curve {_CURVE} and put it there.") from None
    if key.curve_name != _CURVE:
        raise ValueError(f"{file.name} holds a key on {key.curve_name}; tokens are signed with {ALGORITHM}, which wants {_CURVE}.")
    return key


def _public(key: ECKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM, "kid": key.thumbprint()}
