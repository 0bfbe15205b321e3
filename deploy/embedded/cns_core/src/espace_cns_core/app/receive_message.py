from __future__ import annotations

from uuid import UUID

from espace_cns_core.app.ports import LatestSubmission, Submissions
from espace_cns_core.domain.submission import Message
from espace_kernel.outcomes import RetryLater


class ReceiveMessage:
    """Keep what a person writes about a procedure, once."""

    def __init__(self, latest_submission: LatestSubmission, submissions: Submissions) -> None:
        self._latest_submission, self._submissions = latest_submission, submissions

    async def __call__(self, procedure: UUID, message: Message) -> None:
        """Raises RetryLater while no submission of the procedure has arrived."""
        submission = await self._latest_submission(procedure)
        if submission is None:
            raise RetryLater("A message came before the submission it is about.")
        if submission.hear(message):
            await self._submissions.save(submission)
