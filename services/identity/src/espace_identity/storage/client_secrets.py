from __future__ import annotations

from pathlib import Path

from espace_identity.domain.clients import Clients

_SUFFIX = ".client-secret"


def read_clients(folder: Path) -> Clients:
    """The services that have a `<name>.client-secret` file in the folder, read once at the start."""
    files = folder.glob(f"*{_SUFFIX}")
    return Clients({file.name.removesuffix(_SUFFIX): file.read_text(encoding="utf-8").strip() for file in files})
