from __future__ import annotations

import contextlib

from espace_cns_core.app.give_verdict import GiveVerdict
from espace_cns_core.app.ports import Submissions
from espace_cns_core.domain.rules import verdict_on
from espace_cns_core.domain.submission import AlreadyDecided, Submission, Withdrawn


class ReceiveSubmission:
    """Take a submission in, once, and decide on it by rule; without rules it waits for a command."""

    def __init__(self, submissions: Submissions, give_verdict: GiveVerdict, *, by_rule: bool) -> None:
        self._submissions, self._give_verdict, self._by_rule = submissions, give_verdict, by_rule

    async def __call__(self, submission: Submission) -> None:
        """Raises NeverWorks when the person is not on file."""
        if not await self._submissions.add(submission):
            known = await self._submissions.get(submission.id)
            assert known is not None, "an id that is taken can be read"
            submission = known
        if self._by_rule or submission.verdict is not None:
            with contextlib.suppress(AlreadyDecided, Withdrawn):  # a redelivery
                await self._give_verdict(submission, verdict_on)
