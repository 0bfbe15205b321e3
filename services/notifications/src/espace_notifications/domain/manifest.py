from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from espace_notifications.domain.print_run import PrintedLetter

MANIFEST = "manifest.json"
SCHEMA_VERSION = 1
"""Of assets/print_run_manifest.v1.schema.json, which the printer reads by."""


def manifest(run: UUID, created_at: datetime, letters: Sequence[PrintedLetter]) -> dict[str, Any]:
    """What lies in a print run, for the printer: files and their hashes, and nothing about persons."""
    return {
        "schema_version": SCHEMA_VERSION,
        "print_run": str(run),
        "created_at": created_at.isoformat(),
        "letters": [
            {
                "position": letter.position,
                "letter": str(letter.letter),
                "file": letter.file,
                "sha256": letter.sha256,
                "size": letter.size,
                "pages": letter.pages,
                "address_sheet": letter.address_sheet,
                "address_sheet_sha256": letter.address_sheet_sha256,
            }
            for letter in letters
        ],
    }
