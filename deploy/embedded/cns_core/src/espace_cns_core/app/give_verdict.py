from __future__ import annotations

from collections.abc import Callable

from espace_cns_core.app.ports import Families, Persons, Submissions, Today
from espace_cns_core.domain.household import Household
from espace_cns_core.domain.submission import Submission
from espace_cns_core.domain.verdict import Verdict
from espace_kernel.outcomes import NeverWorks

Decide = Callable[[Submission, Household], Verdict]


class GiveVerdict:
    """Decide on a submission, then put on file what was granted. Repeated after a crash it does what is still to do."""

    def __init__(self, submissions: Submissions, persons: Persons, families: Families, today: Today) -> None:
        self._submissions, self._persons, self._families, self._today = submissions, persons, families, today

    async def __call__(self, submission: Submission, decide: Decide) -> Verdict:
        """What was decided.

        Raises AlreadyDecided, after finishing what an earlier decision left; Withdrawn; NothingToGrant; NeverWorks when the person is
        not on file.
        """
        household = await self._household_of(submission)
        if submission.verdict is not None:
            await self._put_on_file(submission, household)
        verdict = decide(submission, household)
        submission.decide(verdict, household)
        await self._submissions.save(submission)
        await self._put_on_file(submission, household)
        return verdict

    async def _household_of(self, submission: Submission) -> Household:
        person = await self._persons.get(submission.insured)
        if person is None:
            raise NeverWorks("The fund has no file on this person. Record the person, then replay the submission.")
        family = await self._families.get(submission.insured)
        return Household(person, family.members if family else (), self._today())

    async def _put_on_file(self, submission: Submission, household: Household) -> None:
        if (account := submission.granted_account) is None:
            return
        person = household.principal
        person.pay_to(account)
        if person.recorded:
            await self._persons.save(person)
