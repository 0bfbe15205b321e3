from __future__ import annotations

from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Clock, Mandates
from espace_identity.domain.age import day_of
from espace_identity.domain.mandate import Mandate, NoMandate


class AcceptMandate:
    """The holder agrees to act for the giver: the mandate is in force from now on."""

    def __init__(self, mandates: Mandates, clock: Clock) -> None:
        self._mandates, self._clock = mandates, clock

    async def __call__(self, holder: InsuredId, mandate_id: UUID) -> Mandate:
        """The mandate in force. Raises NoMandate unless it is the holder's and open, VersionConflict."""
        mandate = await self._mandates.get(mandate_id)
        if mandate is None:
            raise NoMandate
        now = self._clock()
        before = mandate.moves
        mandate.accept(holder, now, day_of(now))
        if mandate.moves != before:
            await self._mandates.save(mandate)
        return mandate
