from __future__ import annotations

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Accounts, Persons
from espace_identity.domain.login import LoginRefused, Refusal, Vouched
from espace_identity.domain.person import Person


class RecognisePerson:
    """Who on file is the one a provider vouches for: by the matricule it says, or by the foreign identity that was linked once."""

    def __init__(self, persons: Persons, accounts: Accounts) -> None:
        self._persons, self._accounts = persons, accounts

    async def __call__(self, vouched: Vouched) -> Person | None:
        """None when a foreign identity was not linked yet. Raises LoginRefused for somebody who cannot log in."""
        if vouched.foreign is not None:
            insured = await self._linked_to(vouched.foreign.identifier)
            if insured is None:
                return None
            person = await self._persons.on_file(insured)
        else:
            person = await self._persons.holder_of(vouched.matricule or "")
        return living(person)

    async def _linked_to(self, identifier: str) -> InsuredId | None:
        account = await self._accounts.linked_to(identifier)
        if account is not None:
            return InsuredId(account.id)
        if await self._accounts.was_linked_to(identifier):
            raise LoginRefused(Refusal.IDENTITY_REPLACED)
        return None


def living(person: Person | None) -> Person:
    """Raises LoginRefused for nobody, and for a person who has died."""
    if person is None:
        raise LoginRefused(Refusal.NOT_ON_FILE)
    if person.deceased:
        raise LoginRefused(Refusal.DECEASED)
    return person
