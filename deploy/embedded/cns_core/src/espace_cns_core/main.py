from __future__ import annotations

from espace_cns_core.settings import Settings
from espace_cns_core.wiring import wire
from espace_kernel.service import serve


def main() -> None:
    """Run the stand-in until SIGTERM."""
    serve("cns-core", Settings(), wire)
