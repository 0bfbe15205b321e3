from __future__ import annotations

import contextlib
from uuid import UUID

from espace_contracts.vocabulary import Locale, ProcedureStatus
from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.book_slot import BookSlot
from espace_procedures.app.ports import Clock, FundsRecords, Procedures
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.refusals import AnswersToCorrect


class SubmitProcedure:
    """Forward a draft, or its correction, to the fund. Of two tabs that submit the same version, one wins."""

    def __init__(self, procedures: Procedures, records: FundsRecords, book: BookSlot, clock: Clock) -> None:
        self._procedures, self._records, self._book, self._clock = procedures, records, book, clock

    async def __call__(self, seen: AsSeen, submission_id: UUID, *, locale: Locale | None, freshly_logged_in: bool) -> Procedure:
        """Raises NoSuchProcedure, VersionConflict, and the Refusals of Procedure.submit and of BookSlot."""
        procedure = await self._procedures.get(seen.procedure, seen.insured)
        if procedure.was_submitted_as(submission_id):
            return procedure
        seen.must_match(procedure)
        situation = procedure.situation(await self._records.of(seen.insured), self._clock())
        procedure.submit(submission_id, situation, by=seen.actor, locale=locale, freshly_logged_in=freshly_logged_in)
        await self._book(procedure, seen.insured)
        try:
            await self._procedures.save(procedure)
        except VersionConflict:
            await self._hold_what_was_forwarded(seen)
            raise
        return procedure

    async def _hold_what_was_forwarded(self, seen: AsSeen) -> None:
        """Another tab was faster: the time that its submission asked for is held again. What no submission asked for is swept free."""
        procedure = await self._procedures.get(seen.procedure, seen.insured)
        if procedure.status is ProcedureStatus.FORWARDED:
            with contextlib.suppress(AnswersToCorrect):
                await self._book(procedure, seen.insured)
