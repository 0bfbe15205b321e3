from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, Outcome, ProcedureKind
from espace_procedures.app.confirm_appointment import ConfirmAppointment
from espace_procedures.app.free_slot import FreeSlot
from espace_procedures.app.ports import Clock, Procedures
from espace_procedures.domain.decision import Decision
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.status import Ending


class CloseProcedure:
    """The fund has decided: close the procedure, once, and order the documents that this leads to."""

    def __init__(self, procedures: Procedures, confirm: ConfirmAppointment, free: FreeSlot, clock: Clock) -> None:
        self._procedures, self._confirm, self._free, self._clock = procedures, confirm, free, clock

    async def __call__(self, procedure_id: UUID, insured: InsuredId, decision: Decision) -> None:
        """Raises NoSuchProcedure and VersionConflict, to be tried later; NeverWorks as Procedure.close does."""
        procedure = await self._procedures.get_for_the_fund(procedure_id, insured)
        if procedure.awaits(decision):
            procedure.close(await self._with_appointment(procedure, decision), self._clock())
            await self._procedures.save(procedure)
        if procedure.outcome is not Ending.APPROVED:
            await self._free(procedure.id)

    async def _with_appointment(self, procedure: Procedure, decision: Decision) -> Decision:
        """The fund grants an appointment as such; when and where it is, the appointment itself says."""
        if procedure.kind is not ProcedureKind.AGENCY_APPOINTMENT or decision.outcome is not Outcome.APPROVED:
            return decision
        confirmation = (await self._confirm(procedure.id)).confirmation().model_dump()
        return replace(decision, granted=tuple({**granted, **confirmation} for granted in decision.granted))
