"""How one key keeps another, and whatever else it keeps: AES-256-GCM, bound to what the kept thing is for."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES
"""How long a wrapped key is: its nonce, the key itself encrypted, and the tag that proves both."""


class NotAuthentic(Exception):
    """The bytes are not what was encrypted with this key for this purpose."""


def new_key() -> bytes:
    """A fresh key."""
    return secrets.token_bytes(KEY_BYTES)


def wrap(key: bytes, *, under: bytes, bound_to: bytes) -> bytes:
    """The key, encrypted under another one. It opens again for the same purpose alone: `bound_to` says which."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(under).encrypt(nonce, key, bound_to)


def unwrap(wrapped: bytes, *, under: bytes, bound_to: bytes) -> bytes:
    """The key again. Raises NotAuthentic."""
    if len(wrapped) != WRAPPED_BYTES:
        raise NotAuthentic("This is no wrapped key.")
    return decrypted(wrapped[NONCE_BYTES:], wrapped[:NONCE_BYTES], key=under, bound_to=bound_to)


def decrypted(encrypted: bytes, nonce: bytes, *, key: bytes, bound_to: bytes) -> bytes:
    """What was encrypted with this key and nonce, for this purpose. Raises NotAuthentic."""
    try:
        return AESGCM(key).decrypt(nonce, encrypted, bound_to)
    except InvalidTag:
        raise NotAuthentic("These bytes were changed, or were encrypted with another key or for another purpose.") from None
