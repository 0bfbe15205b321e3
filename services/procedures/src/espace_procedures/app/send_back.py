from __future__ import annotations

from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_procedures.app.ports import Clock, Procedures
from espace_procedures.domain.decision import CorrectionRequest


class SendBack:
    """The fund asks for a correction: the procedure is the person's again."""

    def __init__(self, procedures: Procedures, clock: Clock) -> None:
        self._procedures, self._clock = procedures, clock

    async def __call__(self, procedure_id: UUID, insured: InsuredId, request: CorrectionRequest) -> None:
        """Raises NoSuchProcedure and VersionConflict, to be tried later; NotWithTheFund, NotTheCurrentSubmission."""
        procedure = await self._procedures.get(procedure_id, insured)
        if procedure.send_back(request, self._clock()):
            await self._procedures.save(procedure)
