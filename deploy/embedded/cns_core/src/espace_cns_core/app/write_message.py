from __future__ import annotations

from uuid import UUID

from espace_cns_core.app.decide_procedure import NotHeld
from espace_cns_core.app.ports import LatestSubmission, Now, Submissions
from espace_cns_core.domain.submission import Message


class WriteMessage:
    """Write to a person about an open procedure, by command."""

    def __init__(self, latest_submission: LatestSubmission, submissions: Submissions, now: Now) -> None:
        self._latest_submission, self._submissions, self._now = latest_submission, submissions, now

    async def __call__(self, procedure: UUID, message_id: UUID, text: str) -> Message:
        """Raises NotHeld, AlreadyDecided, Withdrawn."""
        submission = await self._latest_submission(procedure)
        if submission is None:
            raise NotHeld
        message = Message(id=message_id, text=text, at=self._now(), from_fund=True)
        submission.write(message)
        await self._submissions.save(submission)
        return message
