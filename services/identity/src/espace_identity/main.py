from __future__ import annotations

from espace_identity.settings import Settings
from espace_identity.wiring import wire
from espace_kernel.service import serve


def main() -> None:
    """Run identity until it is told to stop."""
    serve("identity", Settings(), wire)
