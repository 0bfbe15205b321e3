"""The printer's side of the spool: what was handed over, and nothing else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from pypdf import PdfReader

from .procedure import Procedure
from .waiting import until


@dataclass(frozen=True)
class Letter:
    """A letter as the printer finds it."""

    run: str
    pdf: Path
    address_sheet: Path

    @property
    def text(self) -> str:
        return text_of(self.pdf)

    @property
    def address(self) -> str:
        """What the address sheet shows."""
        return text_of(self.address_sheet)


class PrintRun:
    """All runs that were handed over to the printer."""

    def __init__(self, ready: Path) -> None:
        self._ready = ready

    def letters(self, about: Procedure) -> list[Letter]:
        """The letters that name this procedure."""
        return [letter for letter in self.all() if about.reference in letter.text]

    async def receives(self, exactly: int, about: Procedure) -> Letter:
        """The last letter about a procedure, once there are as many."""

        async def enough() -> list[Letter]:
            found = self.letters(about)
            return found if len(found) >= exactly else []

        found = await until(enough, f"{exactly} letters at the printer's")
        assert len(found) == exactly
        return found[-1]

    def all(self) -> list[Letter]:
        """Every letter that was handed over."""
        letters = []
        for manifest in sorted(self._ready.glob("*/manifest.json")):
            content = json.loads(manifest.read_text())
            for row in content["letters"]:
                letter = Letter(content["print_run"], manifest.parent / row["file"], manifest.parent / row["address_sheet"])
                assert sha256_of(letter.pdf) == row["sha256"]
                assert sha256_of(letter.address_sheet) == row["address_sheet_sha256"]
                letters.append(letter)
        return letters


def sha256_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def text_of(file: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(file).pages)
