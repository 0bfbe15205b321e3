import base64
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

SIGNING_KEY = "identity-signing-key.pem"
ATTACHMENTS_KEY = "procedures-attachments.key"
LOGIN_PROVIDERS = "login-providers.secret"
_KEY_BYTES = 32


def make_missing(folder: Path, services: Iterable[str]) -> None:
    """Writes the secrets that do not exist yet, readable by this account alone: the keys of tokens and of attachments,
    what the eSpace proves itself with to the login providers, and a secret a service."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _make(folder / SIGNING_KEY, _signing_key)
    _make(folder / ATTACHMENTS_KEY, lambda: base64.b64encode(secrets.token_bytes(_KEY_BYTES)))
    for name in (LOGIN_PROVIDERS, *(f"{service}.client-secret" for service in services)):
        _make(folder / name, lambda: secrets.token_urlsafe(32).encode())


def _signing_key() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _make(path: Path, content: Callable[[], bytes]) -> None:
    if path.exists():
        return
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content())
    unfinished.rename(path)
