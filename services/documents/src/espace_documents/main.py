from __future__ import annotations

from espace_documents.settings import Settings
from espace_documents.wiring import wire
from espace_kernel.service import serve


def main() -> None:
    """Run the service until it is told to stop."""
    serve("documents", Settings(), wire)
