from __future__ import annotations

from uuid import UUID

from espace_cns_core.app.not_on_file import NotOnFile
from espace_cns_core.app.ports import Families, Persons
from espace_cns_core.domain.family import Family, FamilyMember
from espace_kernel.outcomes import VersionConflict


class RecordFamily:
    """Put a person's whole family on file by command, in place of the one that was there."""

    def __init__(self, families: Families, persons: Persons) -> None:
        self._families, self._persons = families, persons

    async def __call__(self, insured: UUID, members: tuple[FamilyMember, ...]) -> int:
        """Its revision. Raises NotOnFile, VersionConflict."""
        if await self._persons.get(insured) is None:
            raise NotOnFile
        known = await self._families.get(insured)
        family = known or Family(id=insured)
        family.consist_of(members)
        if known is not None:
            await self._families.save(family)
        elif not await self._families.add(family):
            raise VersionConflict("The family was put on file by somebody else meanwhile.")
        return family.revision
