from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from espace_identity.domain.clients import Clients

_SUFFIX = ".client-secret"


def read_clients(folder: Path) -> Clients:
    """The services that have a `<name>.client-secret` file in the folder, read once at the start."""
    files = folder.glob(f"*{_SUFFIX}")
    return Clients({file.name.removesuffix(_SUFFIX): file.read_text(encoding="utf-8").strip() for file in files})


def contact_code_key(folder: Path) -> bytes:
    """The key from which the codes for contact addresses follow: derived from identity's own secret, and good for nothing else.

    Raises FileNotFoundError when identity has no secret.
    """
    own = (folder / f"identity{_SUFFIX}").read_text(encoding="utf-8").strip()
    return hmac.digest(own.encode(), b"codes for contact addresses", hashlib.sha256)
