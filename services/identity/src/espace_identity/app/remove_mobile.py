from __future__ import annotations

from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.app.change_account import ChangeAccount
from espace_identity.app.ports import Clock, Persons


class RemoveMobile:
    """No mobile number is told of notices any more; the e-mail address still is."""

    def __init__(self, change_account: ChangeAccount, persons: Persons, clock: Clock) -> None:
        self._change_account, self._persons, self._clock = change_account, persons, clock

    async def __call__(self, insured: InsuredId) -> None:
        """Safe to repeat."""
        person = await self._persons.on_file(insured)
        locale, now = person.locale if person else Locale.FRENCH, self._clock()
        await self._change_account(insured, lambda account: account.remove_mobile(locale, now))
