from __future__ import annotations

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Clock, Families, Mandates, Persons
from espace_identity.domain.age import day_of
from espace_identity.domain.mandate import Scope, mandate_between


class Represent:
    """What a person may do for another at this moment: by a mandate in force, or by parental authority, which opens everything."""

    def __init__(self, mandates: Mandates, families: Families, persons: Persons, clock: Clock) -> None:
        self._mandates, self._families, self._persons, self._clock = mandates, families, persons, clock

    async def __call__(self, holder: InsuredId, represented: InsuredId) -> frozenset[Scope]:
        """The parts of the eSpace; none for a stranger, and none once the represented person has died."""
        today = day_of(self._clock())
        person = await self._persons.on_file(represented)
        if person is not None and person.deceased:
            return frozenset()
        family = await self._families.of(holder)
        if family is not None and family.represents(represented, today):
            return frozenset(Scope)
        mandate = await self._mandates.get(mandate_between(represented, holder))
        return mandate.scopes_on(today) if mandate is not None else frozenset()
