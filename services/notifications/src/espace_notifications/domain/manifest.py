from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from espace_notifications.domain.print_run import PrintedLetter, PrintRun

MANIFEST = "manifest.json"
SCHEMA_VERSION = 2
"""Of assets/print_run_manifest.v2.schema.json, which the printer reads by."""


@dataclass(frozen=True)
class Listing:
    """What is read again of a manifest."""

    print_run: UUID
    created_at: datetime
    letters: tuple[PrintedLetter, ...]
    cut_off: datetime | None = None


def manifest(run: PrintRun, letters: Sequence[PrintedLetter]) -> dict[str, Any]:
    """What lies in a print run, for the printer: files, their hashes and countries, and nothing about persons."""
    return {
        "schema_version": SCHEMA_VERSION,
        "print_run": str(run.id),
        "created_at": run.created_at.isoformat(),
        "cut_off": run.cut_off.isoformat() if run.cut_off else None,
        "total_letters": len(letters),
        "total_pages": sum(letter.pages for letter in letters),
        "letters": [asdict(letter) | {"letter": str(letter.letter)} for letter in letters],
    }
