from __future__ import annotations

from uuid import UUID

from espace_contracts.vocabulary import Locale
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Clock, Procedures
from espace_procedures.domain.procedure import Procedure


class SubmitProcedure:
    """Forward a draft, or its correction, to the fund. Of two tabs that submit the same version, one wins."""

    def __init__(self, procedures: Procedures, clock: Clock) -> None:
        self._procedures, self._clock = procedures, clock

    async def __call__(self, seen: AsSeen, submission_id: UUID, *, locale: Locale | None, freshly_logged_in: bool) -> Procedure:
        """Raises NoSuchProcedure, VersionConflict, and the Refusals of Procedure.submit."""
        procedure = await self._procedures.get(seen.procedure, seen.insured)
        if procedure.was_submitted_as(submission_id):
            return procedure
        seen.must_match(procedure)
        procedure.submit(submission_id, self._clock(), locale=locale, freshly_logged_in=freshly_logged_in)
        await self._procedures.save(procedure)
        return procedure
