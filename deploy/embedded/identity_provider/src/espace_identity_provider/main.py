from __future__ import annotations

from espace_identity_provider.settings import Settings
from espace_identity_provider.wiring import wire
from espace_kernel.service import serve


def main() -> None:
    """Run the stand-ins until SIGTERM."""
    serve("identity-provider", Settings(), wire)
