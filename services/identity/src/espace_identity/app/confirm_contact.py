from __future__ import annotations

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Accounts, Clock, Persons
from espace_identity.domain.account import Account, Contact
from espace_kernel.outcomes import VersionConflict


class NotOnFile(Exception):
    """The fund's file on this person has not come to identity."""


class ConfirmContact:
    """Notices go to another address from now on."""

    def __init__(self, accounts: Accounts, persons: Persons, clock: Clock) -> None:
        self._accounts, self._persons, self._clock = accounts, persons, clock

    async def __call__(self, insured: InsuredId, email: str) -> Contact:
        """The contact as it stands now. Raises NotAnEmailAddress, NotOnFile, and VersionConflict when two requests meet."""
        person = await self._persons.on_file(insured)
        if person is None:
            raise NotOnFile
        account = await self._accounts.get(insured) or Account(id=insured)
        contact = account.confirm_contact(email, person.locale, self._clock())
        if account.version == 0 and not await self._accounts.add(account):
            raise VersionConflict("The account was made by another request.")
        if account.recorded:
            await self._accounts.save(account)
        return contact
