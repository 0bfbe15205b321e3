from __future__ import annotations

from datetime import timedelta

from espace_documents.app.ports import Archive, Clock, Documents

ORPHANED_AFTER = timedelta(hours=1)
"""How long a file may wait for its document; a document is stored within seconds of its file, or by another try with another file."""


class DeleteOrphanFiles:
    """Deletes archived files that no document refers to: what a process left that died, or came second, between file and document."""

    def __init__(self, documents: Documents, archive: Archive, now: Clock) -> None:
        self._documents, self._archive, self._now = documents, archive, now

    async def __call__(self) -> int:
        """How many were deleted. One file after the other, so that no more is held in memory however large the archive is."""
        deleted = 0
        async for blob in self._archive.older_than(self._now() - ORPHANED_AFTER):
            if not await self._documents.refer_to(blob):
                await self._archive.delete(blob)
                deleted += 1
        return deleted
