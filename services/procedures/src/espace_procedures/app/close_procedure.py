from __future__ import annotations

from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_procedures.app.ports import Clock, Procedures
from espace_procedures.domain.decision import Decision


class CloseProcedure:
    """The fund has decided: close the procedure, once, and order the documents that this leads to."""

    def __init__(self, procedures: Procedures, clock: Clock) -> None:
        self._procedures, self._clock = procedures, clock

    async def __call__(self, procedure_id: UUID, insured: InsuredId, decision: Decision) -> None:
        """Raises NoSuchProcedure and VersionConflict, to be tried later; NeverWorks as Procedure.close does."""
        procedure = await self._procedures.get(procedure_id, insured)
        if procedure.close(decision, self._clock()):
            await self._procedures.save(procedure)
