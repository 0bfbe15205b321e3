from __future__ import annotations

from datetime import timedelta

from espace_procedures.app.ports import Clock, DirectSubmissions, Files, Procedures

ORPHANED_AFTER = timedelta(hours=1)
"""Far longer than any request lives: a file this old to which nothing refers will never be referred to."""


class SweepFiles:
    """Remove files that a crash left behind: stored and never attached, or no longer attached and not yet removed."""

    def __init__(self, procedures: Procedures, submissions: DirectSubmissions, files: Files, clock: Clock) -> None:
        self._procedures, self._submissions, self._files, self._clock = procedures, submissions, files, clock

    async def __call__(self) -> int:
        """How many there were."""
        old = [blob_id async for blob_id in self._files.older_than(self._clock() - ORPHANED_AFTER)]
        if not old:
            return 0
        in_use = await self._submissions.files_in_use()  # first: one that is matched in between is found among the procedures
        in_use |= await self._procedures.files_in_use()
        orphans = [blob_id for blob_id in old if blob_id not in in_use]
        for blob_id in orphans:
            await self._files.delete(blob_id)
        return len(orphans)
