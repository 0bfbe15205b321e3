from __future__ import annotations

from uuid import UUID

from espace_contracts.vocabulary import InsuredId, Locale, ProcedureKind
from espace_procedures.app.ports import Clock, FundsRecords, NoSuchProcedure, Procedures
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.status import Actor


class StartProcedure:
    """Begin a draft, or go on with the open one: a person has one open procedure of a kind."""

    def __init__(self, procedures: Procedures, records: FundsRecords, clock: Clock) -> None:
        self._procedures, self._records, self._clock = procedures, records, clock

    async def __call__(
        self, procedure_id: UUID, insured: InsuredId, kind: ProcedureKind, locale: Locale, by: Actor = Actor.PERSON
    ) -> Procedure:
        """The new draft, with the id of the request; or the procedure that is open already, with its own. Raises ResidentsOnly."""
        on_file = await self._records.of(insured)
        while True:  # a round ends without an answer only if the open one was closed or deleted meanwhile
            draft = Procedure.start(procedure_id, insured, kind, locale, on_file=on_file, at=self._clock(), by=by)
            if await self._procedures.add(draft):
                return draft
            if there := await self._made_before(procedure_id, insured) or await self._procedures.open_one(insured, kind):
                return there

    async def _made_before(self, procedure_id: UUID, insured: InsuredId) -> Procedure | None:
        try:
            return await self._procedures.get(procedure_id, insured)
        except NoSuchProcedure:
            return None
