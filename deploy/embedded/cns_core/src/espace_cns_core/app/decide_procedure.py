from __future__ import annotations

from uuid import UUID

from espace_cns_core.app.give_verdict import GiveVerdict
from espace_cns_core.app.ports import LatestSubmission
from espace_cns_core.domain.submission import Submission
from espace_cns_core.domain.verdict import Verdict


class NotHeld(Exception):
    """No submission of this procedure has reached the fund."""


class DecideProcedure:
    """Decide by command on what a person submitted last."""

    def __init__(self, latest_submission: LatestSubmission, give_verdict: GiveVerdict) -> None:
        self._latest_submission, self._give_verdict = latest_submission, give_verdict

    async def __call__(self, procedure: UUID, verdict: Verdict) -> Submission:
        """The submission that was decided. Raises NotHeld, AlreadyDecided, Withdrawn, NothingToGrant."""
        submission = await self._latest_submission(procedure)
        if submission is None:
            raise NotHeld
        await self._give_verdict(submission, lambda _submission, _household: verdict)
        return submission
