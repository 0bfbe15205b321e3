from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from espace_procedures.app.ports import DirectSubmissions, Files, Procedures


class DropUnusedFiles:
    """Delete files that nothing refers to any more. Only for files so old that no request can come to refer to them (ORPHANED_AFTER)."""

    def __init__(self, procedures: Procedures, submissions: DirectSubmissions, files: Files) -> None:
        self._procedures, self._submissions, self._files = procedures, submissions, files

    async def __call__(self, blobs: Collection[UUID]) -> int:
        """How many of these there were. All are looked at together, and what seems unused once more by itself, right before it goes."""
        dropped = 0
        for blob in set(blobs) - await self._in_use(blobs):
            if not await self._in_use({blob}):
                await self._files.delete(blob)
                dropped += 1
        return dropped

    async def _in_use(self, blobs: Collection[UUID]) -> set[UUID]:
        """Submissions come first: what is matched in between is found among the procedures, and nothing goes the other way."""
        waiting = await self._submissions.files_in_use(blobs)
        return waiting | await self._procedures.files_in_use(blobs)
