"""The keys of internal tokens, from secret files.

Every file `identity-signing-key*.pem` is a key, in the order of the names. All are published; the last one signs, once its file is
RIPENS old: by then every replica publishes it. To change the key, put a file with a later name beside the others, such as
`identity-signing-key.2026-12-01.pem`; nothing is restarted. Five minutes later the earlier file may go: no token of it lives any more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from espace_identity.domain.token import Claims
from espace_kernel.access import ALGORITHM, AUDIENCE, ISSUER
from espace_kernel.logs import logger

log = logger()

_NAMES = "identity-signing-key*.pem"
_CURVE = "P-256"
RIPENS = 30.0
"""Seconds that a key is published before it signs."""
_LOOKS_AGAIN = 5.0
"""Seconds between two looks at the folder."""


class SigningKeys:
    """The key that signs, and the public halves of all keys. The folder is looked at again every few seconds."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        """`now` gives seconds since 1970. Raises ValueError when a file holds no EC key on P-256, or there is none."""
        self._folder, self._now = folder, now
        self._keys = _keys_in(folder)
        self._looked_at = now()

    @property
    def published(self) -> dict[str, Any]:
        """The key set as RFC 7517 writes it, without any private part."""
        return {"keys": [_public(key) for _, key in self._current_keys()]}

    async def key_set(self) -> KeySet:
        """What identity's own verifier reads in place of the published address."""
        return KeySet.import_key_set(self.published)  # type: ignore[arg-type]  # joserfc wants its own TypedDict

    def sign(self, claims: Claims) -> str:
        """The claims as a JWT signed with ES256; `kid` is the key's thumbprint by RFC 7638."""
        key = self._signing_key()
        return jwt.encode({"alg": ALGORITHM, "kid": key.thumbprint()}, _body(claims), key)

    def _signing_key(self) -> ECKey:
        keys = self._current_keys()
        ripe = [key for file_time, key in keys if self._now() - file_time >= RIPENS]
        return ripe[-1] if ripe else keys[0][1]

    def _current_keys(self) -> list[tuple[float, ECKey]]:
        if self._now() - self._looked_at >= _LOOKS_AGAIN:
            self._looked_at = self._now()
            try:
                self._keys = _keys_in(self._folder)
            except (OSError, ValueError) as error:  # a file half written, or gone between two looks: the keys at hand go on
                log.error("the signing keys cannot be read; the ones at hand are used", exc_info=error)
        return self._keys


def _body(claims: Claims) -> dict[str, Any]:
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
    if acting := claims.acting:
        body |= {"act": {"sub": str(acting.holder)}, "scope": " ".join(sorted(acting.scopes))}
    return body


def _keys_in(folder: Path) -> list[tuple[float, ECKey]]:
    keys = [(file.stat().st_mtime, _key(file)) for file in sorted(folder.glob(_NAMES), key=lambda file: file.stem)]
    if not keys:
        raise ValueError(f"There is no {_NAMES} among the secrets. Make an EC key on the curve {_CURVE} and put it there.")
    return keys


def _key(file: Path) -> ECKey:
    try:
        key = ECKey.import_key(file.read_text(encoding="utf-8"))
    except (ValueError, JoseError):
        raise ValueError(f"{file.name} holds no EC key in PEM. Make one on the curve {_CURVE} and put it there.") from None
    if key.curve_name != _CURVE:
        raise ValueError(f"{file.name} holds a key on {key.curve_name}; tokens are signed with {ALGORITHM}, which wants {_CURVE}.")
    if not key.is_private:
        raise ValueError(f"{file.name} holds a public key. Put the private key there.")
    return key


def _public(key: ECKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM, "kid": key.thumbprint()}
