from __future__ import annotations

from uuid import UUID

from espace_cns_core.app.ports import LatestSubmission, Submissions
from espace_kernel.outcomes import RetryLater


class NoteWithdrawal:
    """Decide no more on a procedure that the person took back."""

    def __init__(self, latest_submission: LatestSubmission, submissions: Submissions) -> None:
        self._latest_submission, self._submissions = latest_submission, submissions

    async def __call__(self, procedure: UUID) -> None:
        """Raises RetryLater while no submission of the procedure has arrived."""
        submission = await self._latest_submission(procedure)
        if submission is None:
            raise RetryLater("A withdrawal came before the submission that it takes back.")
        if not submission.withdrawn:
            submission.withdraw()
            await self._submissions.save(submission)
