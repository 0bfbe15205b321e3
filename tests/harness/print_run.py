"""The printer's side of the spool: what was handed over, and what the printer answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import uuid4

from pypdf import PdfReader

from espace_contracts.events.letter_returned_v1 import ReturnReason

from .procedure import Procedure
from .waiting import until


@dataclass(frozen=True)
class Letter:
    """A letter as the printer finds it."""

    run: str
    id: str
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
                letter = Letter(content["print_run"], row["letter"], manifest.parent / row["file"], manifest.parent / row["address_sheet"])
                assert sha256_of(letter.pdf) == row["sha256"]
                assert sha256_of(letter.address_sheet) == row["address_sheet_sha256"]
                letters.append(letter)
        return letters

    def acknowledges(self, told: str | Sequence[Letter], at: datetime | None = None) -> None:
        """Tell that the letters of a run (by its id), or these letters of one run, were given to the post; now, unless told otherwise."""
        moment = (at or datetime.now(UTC)).isoformat()
        if isinstance(told, str):
            self._answers({"schema_version": 1, "answer": "dispatched", "print_run": told, "dispatched_at": moment})
            return
        (run,) = {letter.run for letter in told}
        letters = [{"letter": letter.id, "dispatched_at": moment} for letter in told]
        self._answers({"schema_version": 1, "answer": "dispatched", "print_run": run, "letters": letters})

    def returns(self, letter: Letter, reason: ReturnReason, at: datetime | None = None) -> None:
        """Tell that the post brought a letter back; now, unless told otherwise."""
        moment = (at or datetime.now(UTC)).isoformat()
        back = {"letter": letter.id, "reason": reason.value, "returned_at": moment}
        self._answers({"schema_version": 1, "answer": "returned", "letters": [back]})

    def _answers(self, content: Mapping[str, object]) -> None:
        """As docs/print-runs.md wants it: written under another name, then renamed."""
        box = self._ready.parent / "answers"
        unfinished = box / f"{uuid4()}.part"
        unfinished.write_text(json.dumps(content), encoding="utf-8")
        unfinished.rename(unfinished.with_suffix(".json"))


def sha256_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@cache
def text_of(file: Path) -> str:
    """What a PDF says. Read once: a letter that was handed over never changes, as each look at it proves by its hash."""
    return "\n".join(page.extract_text() for page in PdfReader(file).pages)
