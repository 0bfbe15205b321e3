from __future__ import annotations

from uuid import uuid4

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.change_account import ChangeAccount
from espace_identity.app.ports import Clock, Persons
from espace_identity.domain.contact import PendingContact


class NotOnFile(Exception):
    """The fund's file on this person has not come to identity."""


class RequestContactCode:
    """A person gives an address for notices: a code is sent there, by which they show that it is theirs."""

    def __init__(self, change_account: ChangeAccount, persons: Persons, clock: Clock) -> None:
        self._change_account, self._persons, self._clock = change_account, persons, clock

    async def __call__(self, insured: InsuredId, email: str) -> PendingContact:
        """What waits for its code now. Raises NotAnEmailAddress, TooManyCodes, NotOnFile."""
        person = await self._persons.on_file(insured)
        if person is None:
            raise NotOnFile
        now, challenge = self._clock(), uuid4()
        return await self._change_account(insured, lambda account: account.want_code(challenge, email, person.locale, now))
