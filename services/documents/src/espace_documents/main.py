from __future__ import annotations

import sys

from espace_documents.settings import Settings
from espace_documents.wiring import wire
from espace_kernel.service import serve


def main() -> None:
    """Run the service until it is told to stop; with arguments, the command that they name."""
    if len(sys.argv) > 1:
        from espace_documents.inspection.command import app  # noqa: PLC0415  # pyHanko is no part of the running service
        from espace_documents.operating import commands  # noqa: PLC0415  # nor are the commands

        app.add_typer(commands)
        app(prog_name="python -m espace_documents")
    else:
        serve("documents", Settings(), wire)
