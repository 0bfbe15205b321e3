from __future__ import annotations

from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_procedures.app.ports import Clock, DirectSubmissions, FundsRecords, Procedures
from espace_procedures.domain.applicant import Applicant


class MatchSubmission:
    """Find in the fund's file who sent a procedure without login, and forward it as that person's."""

    def __init__(self, submissions: DirectSubmissions, procedures: Procedures, records: FundsRecords, clock: Clock) -> None:
        self._submissions, self._procedures, self._records, self._clock = submissions, procedures, records, clock

    async def __call__(self, submission_id: UUID) -> bool:
        """Whether somebody was found before its time was over: then its files may soon be gone. Safe to repeat. Raises Altered."""
        submission = await self._submissions.get(submission_id)
        if submission is None:
            return False
        insured = await self._person(submission.applicant)
        if insured is None or self._clock() >= submission.expires_at:
            return False
        await self._procedures.add(submission.procedure_of(insured))  # False: it was, and only what comes next was not
        await self._submissions.remove(submission_id)
        return True

    async def _person(self, applicant: Applicant) -> InsuredId | None:
        insured = await self._records.known_by(applicant.matricule)
        person = (await self._records.of(insured)).person if insured is not None else None
        return insured if person is not None and applicant.is_on_file_as(person) else None
