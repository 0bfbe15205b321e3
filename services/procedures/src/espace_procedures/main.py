from __future__ import annotations

from espace_kernel.service import serve
from espace_procedures.settings import Settings
from espace_procedures.wiring import wire


def main() -> None:
    """Run the service until SIGTERM."""
    serve("procedures", Settings(), wire)
