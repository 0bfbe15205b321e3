from __future__ import annotations

from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Clock, Families, Mandates
from espace_identity.domain.age import day_of
from espace_identity.domain.mandate import NoMandate, parental_id


class EndMandate:
    """Either side ends a mandate, at once; a parent renounces acting for a child."""

    def __init__(self, mandates: Mandates, families: Families, clock: Clock) -> None:
        self._mandates, self._families, self._clock = mandates, families, clock

    async def __call__(self, insured: InsuredId, mandate_id: UUID) -> None:
        """Raises NoMandate unless it is one of this person's, VersionConflict."""
        mandate = await self._mandates.get(mandate_id)
        if mandate is None:
            return await self._renounce(insured, mandate_id)
        now = self._clock()
        before = mandate.moves
        mandate.end(insured, now, day_of(now))
        if mandate.moves != before:
            await self._mandates.save(mandate)
        return None

    async def _renounce(self, parent: InsuredId, mandate_id: UUID) -> None:
        family = await self._families.of(parent)
        for child in family.children if family else ():
            if parental_id(parent, child.insured) == mandate_id:
                return await self._families.renounce(parent, child.insured)
        raise NoMandate
