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
        """How many were deleted. The files are listed before the documents, so a document stored meanwhile keeps its file."""
        old = set(await self._archive.older_than(self._now() - ORPHANED_AFTER))
        orphans = old - await self._documents.referred_blobs()
        for blob in orphans:
            await self._archive.delete(blob)
        return len(orphans)
