from __future__ import annotations

from espace_identity.app.ports import MatriculeTaken, Persons
from espace_identity.domain.person import Person
from espace_kernel.outcomes import RetryLater


class RecordPerson:
    """Follow the fund's file: from its next revision on, a person logs in with the matricule that it names."""

    def __init__(self, persons: Persons) -> None:
        self._persons = persons

    async def __call__(self, person: Person) -> None:
        """Raises RetryLater while another person holds the matricule: their own change may be on its way, in another partition."""
        try:
            await self._persons.keep(person)
        except MatriculeTaken:
            raise RetryLater(
                "The matricule of this person still belongs to another one on file. Await the fund's change of that person, or ask for it."
            ) from None
