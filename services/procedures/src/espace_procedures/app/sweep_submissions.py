from __future__ import annotations

from espace_procedures.app.drop_unused_files import DropUnusedFiles
from espace_procedures.app.free_slot import FreeSlot
from espace_procedures.app.match_submission import MatchSubmission
from espace_procedures.app.ports import Clock, DirectSubmissions
from espace_procedures.domain.direct_submission import FORGOTTEN_AFTER, DirectSubmission


class SweepSubmissions:
    """Try again to find who sent a procedure without login; soon after its time is over, forget it with its files and its slot."""

    def __init__(
        self, submissions: DirectSubmissions, match: MatchSubmission, drop: DropUnusedFiles, free_slot: FreeSlot, clock: Clock
    ) -> None:
        self._submissions, self._match, self._drop = submissions, match, drop
        self._free_slot, self._clock = free_slot, clock

    async def __call__(self) -> int:
        """How many were found. Raises Altered."""
        found, now = 0, self._clock()
        async for submission in self._submissions.all():
            if await self._match(submission.id):
                found += 1
            elif now >= submission.expires_at + FORGOTTEN_AFTER:
                await self._forget(submission)
        return found

    async def _forget(self, submission: DirectSubmission) -> None:
        if not await self._submissions.remove(submission.id):
            return  # another replica was faster
        await self._free_slot(submission.id)
        await self._drop([attachment.blob for attachment in submission.attachments])
