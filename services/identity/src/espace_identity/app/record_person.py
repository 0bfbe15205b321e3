from __future__ import annotations

from espace_identity.app.end_sessions import EndSessions
from espace_identity.app.ports import MatriculeTaken, Persons, Which
from espace_identity.domain.person import Person
from espace_identity.domain.session import SessionEnd
from espace_kernel.outcomes import RetryLater


class RecordPerson:
    """Follow the fund's file: from its next revision on, a person logs in with the matricule that it names. Who has died, no more."""

    def __init__(self, persons: Persons, end_sessions: EndSessions) -> None:
        self._persons, self._end_sessions = persons, end_sessions

    async def __call__(self, person: Person) -> None:
        """Raises RetryLater while another person holds the matricule: their own change may be on its way, in another partition."""
        try:
            kept = await self._persons.keep(person)
        except MatriculeTaken:
            raise RetryLater(
                "The matricule of this person still belongs to another one on file. Await the fund's change of that person, or ask for it."
            ) from None
        if person.deceased and (kept or await self._is_current(person)):
            await self._end_sessions(Which(insured=person.insured), SessionEnd.DECEASED)

    async def _is_current(self, person: Person) -> bool:
        stored = await self._persons.on_file(person.insured)
        return stored is not None and stored.revision == person.revision
