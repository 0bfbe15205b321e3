from __future__ import annotations

from collections.abc import Iterable

from espace_cns_core.app.ports import Families, Leaves, Persons, Reimbursements
from espace_cns_core.domain.person_file import PersonFile


class RecordPersons:
    """Put persons on file who are not there yet, and all that belongs to them; what is on file is left as it is."""

    def __init__(self, persons: Persons, families: Families, leaves: Leaves, reimbursements: Reimbursements) -> None:
        self._persons, self._families, self._leaves, self._reimbursements = persons, families, leaves, reimbursements

    async def __call__(self, files: Iterable[PersonFile]) -> int:
        """How many were new, relatives not counted."""
        return sum([await self._record(file) for file in files])

    async def _record(self, file: PersonFile) -> bool:
        new = await self._persons.add(file.person)
        for relative in file.relatives:
            await self._persons.add(relative)
        for family in file.families:
            await self._families.add(family)
        for leave in file.leaves:
            await self._leaves.add(leave)
        for reimbursement in file.reimbursements:
            await self._reimbursements.add(reimbursement)
        return new
