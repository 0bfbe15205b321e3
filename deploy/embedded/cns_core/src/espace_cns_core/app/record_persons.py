from __future__ import annotations

from collections.abc import Iterable

from espace_cns_core.app.ports import Persons
from espace_cns_core.domain.person import Person


class RecordPersons:
    """Put persons on file who are not there yet; a person on file is left as they are."""

    def __init__(self, persons: Persons) -> None:
        self._persons = persons

    async def __call__(self, persons: Iterable[Person]) -> int:
        """How many were new."""
        return sum([await self._persons.add(person) for person in persons])
