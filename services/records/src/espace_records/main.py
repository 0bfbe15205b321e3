from __future__ import annotations

from espace_kernel.service import serve
from espace_records.settings import Settings
from espace_records.wiring import wire


def main() -> None:
    """Run records until it is told to stop."""
    serve("records", Settings(), wire)
