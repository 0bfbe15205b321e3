from __future__ import annotations

from uuid import UUID

from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.free_slot import FreeSlot
from espace_procedures.app.ports import Clock, Procedures
from espace_procedures.domain.procedure import Procedure


class WithdrawProcedure:
    """Take a procedure back from the fund, which may be deciding at the same moment: whoever is saved first, the other changes nothing."""

    def __init__(self, procedures: Procedures, free: FreeSlot, clock: Clock) -> None:
        self._procedures, self._free, self._clock = procedures, free, clock

    async def __call__(self, seen: AsSeen, request: UUID) -> Procedure:
        """Raises NoSuchProcedure, VersionConflict, NotForwardedYet, AlreadyClosed. The time it holds at an agency is free again."""
        procedure = await self._procedures.get(seen.procedure, seen.insured)
        if procedure.withdraw(request, self._clock(), by=seen.actor):
            seen.must_match(procedure)
            await self._procedures.save(procedure)
        await self._free(procedure.id)
        return procedure
