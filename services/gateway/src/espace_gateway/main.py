from __future__ import annotations

from espace_gateway.settings import Settings
from espace_gateway.wiring import wire
from espace_kernel.service import serve


def main() -> None:
    """Run the gateway until it is told to stop."""
    serve("gateway", Settings(), wire)
