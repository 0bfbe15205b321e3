from __future__ import annotations

from espace_cns_core.app.ports import Persons, Submissions, Today
from espace_cns_core.domain.person import Person
from espace_cns_core.domain.submission import Submission
from espace_cns_core.domain.verdict import Verdict
from espace_kernel.outcomes import NeverWorks


class GiveVerdict:
    """Decide on a submission, then put on file what was granted. Repeated after a crash it does what is still to do."""

    def __init__(self, submissions: Submissions, persons: Persons, today: Today) -> None:
        self._submissions, self._persons, self._today = submissions, persons, today

    async def __call__(self, submission: Submission, verdict: Verdict) -> None:
        """Raises AlreadyDecided, after finishing what an earlier decision left; NeverWorks when the person is not on file."""
        person = await self._persons.get(submission.insured)
        if person is None:
            raise NeverWorks("The fund has no file on this person. Record the person, then replay the submission.")
        if submission.verdict is not None:
            await self._put_on_file(submission, person)
        submission.decide(verdict, person, self._today())
        await self._submissions.save(submission)
        await self._put_on_file(submission, person)

    async def _put_on_file(self, submission: Submission, person: Person) -> None:
        if (account := submission.granted_account) is None:
            return
        person.pay_to(account)
        if person.recorded:
            await self._persons.save(person)
