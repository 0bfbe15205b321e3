from __future__ import annotations

from espace_identity_provider.app.ports import Persons
from espace_identity_provider.domain.person import Person, matricule_in, stranger


class FindPerson:
    """Whoever has the matricule that was picked or typed. One whom the fund does not know is the eSpace's to refuse, not ours."""

    def __init__(self, persons: Persons) -> None:
        self._persons = persons

    async def __call__(self, typed: str) -> Person:
        """Raises NotAMatricule, FundAway."""
        matricule = matricule_in(typed)
        return await self._persons.with_matricule(matricule) or stranger(matricule)
