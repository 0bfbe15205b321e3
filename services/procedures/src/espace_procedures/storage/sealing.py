"""What lies in the store encrypted: each thing with a key of its own, and that key with one of a secret file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from espace_procedures.app.ports import Altered

_MAGIC = b"eS1"
_KEY_BYTES = 32
_ID_BYTES = 8
_NONCE_BYTES = 12
_WRAPPED_BYTES = _KEY_BYTES + 16
_HEADER_BYTES = len(_MAGIC) + _ID_BYTES + 2 * _NONCE_BYTES + _WRAPPED_BYTES


class Seal:
    """AES-256-GCM with the keys of a secret file: the first line seals, all of them open, so that a new first line is a rotation.

    A sealed thing is: magic, id of the outer key, nonce, its own key encrypted with the outer one, nonce, content. All before the content
    is bound to it, and the id of a key is the beginning of its SHA-256.
    """

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {hashlib.sha256(key).digest()[:_ID_BYTES]: AESGCM(key) for key in keys}
        self._current = next(iter(self._keys))

    def close(self, content: bytes) -> bytes:
        """The content, sealed."""
        own, nonce = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_NONCE_BYTES)
        wrapped = self._keys[self._current].encrypt(nonce, own, _MAGIC + self._current)
        header = _MAGIC + self._current + nonce + wrapped + secrets.token_bytes(_NONCE_BYTES)
        return header + AESGCM(own).encrypt(header[-_NONCE_BYTES:], content, header)

    def open(self, sealed: bytes) -> bytes:
        """The content again. Raises Altered."""
        header, content = sealed[:_HEADER_BYTES], sealed[_HEADER_BYTES:]
        ids = header[len(_MAGIC) : len(_MAGIC) + _ID_BYTES]
        outer = self._keys.get(ids)
        if not header.startswith(_MAGIC) or outer is None:
            raise Altered(
                "This was sealed with a key that is not in the secret file, or never sealed. Put the old key back as a further line."
            )
        nonce, wrapped = header[len(_MAGIC) + _ID_BYTES :][:_NONCE_BYTES], header[-_NONCE_BYTES - _WRAPPED_BYTES : -_NONCE_BYTES]
        try:
            own = outer.decrypt(nonce, wrapped, _MAGIC + ids)
            return AESGCM(own).decrypt(header[-_NONCE_BYTES:], content, header)
        except (InvalidTag, ValueError):
            raise Altered("The sealed bytes are not those that were sealed.") from None


def seal_of(secret: str) -> Seal:
    """From the text of a secret file: one key a line, 32 bytes in base64, the current one first. Raises ValueError without its content."""
    try:
        keys = [base64.b64decode(line, validate=True) for line in secret.split()]
    except binascii.Error:
        keys = []
    if not keys or any(len(key) != _KEY_BYTES for key in keys):
        raise ValueError("The key file of the attachments must have 32 random bytes in base64 on each line, the current key on the first.")
    return Seal(keys)
