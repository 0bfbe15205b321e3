from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from espace_procedures.app.drop_unused_files import DropUnusedFiles
from espace_procedures.app.ports import Clock, Files
from espace_procedures.domain.attachments import ORPHANED_AFTER

AT_ONCE = 500
"""So many files are looked at together, however many there are."""


class SweepFiles:
    """Remove files that a crash left behind: stored and never attached, or no longer attached and not yet removed."""

    def __init__(self, files: Files, drop: DropUnusedFiles, clock: Clock) -> None:
        self._files, self._drop, self._clock = files, drop, clock

    async def __call__(self) -> int:
        """How many there were."""
        return sum([await self._drop(part) async for part in self._old()])

    async def _old(self) -> AsyncIterator[list[UUID]]:
        part: list[UUID] = []
        async for blob in self._files.older_than(self._clock() - ORPHANED_AFTER):
            part.append(blob)
            if len(part) == AT_ONCE:
                yield part
                part = []
        if part:
            yield part
