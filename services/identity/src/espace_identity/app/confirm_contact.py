from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.app.change_account import ChangeAccount
from espace_identity.app.ports import Clock, Persons
from espace_identity.domain.account import Account
from espace_identity.domain.challenge import CodeRefused, Confirmed, ContactCodes

C = TypeVar("C", bound=Confirmed)


class ConfirmContact(Generic[C]):
    """Notices go where the code was sent that the person typed. Each wrong code is counted before its answer is given.

    `answer` is what the account makes of the code: `answer_code` for an address, `answer_mobile_code` for a number.
    """

    def __init__(
        self,
        answer: Callable[[Account, str, ContactCodes, Locale, datetime], C | CodeRefused],
        change_account: ChangeAccount,
        persons: Persons,
        codes: ContactCodes,
        clock: Clock,
    ) -> None:
        self._answer, self._change_account = answer, change_account
        self._persons, self._codes, self._clock = persons, codes, clock

    async def __call__(self, insured: InsuredId, typed: str) -> C:
        """The address or number as it stands now. Raises WrongCode, NoCodeOpen."""
        person = await self._persons.on_file(insured)
        locale, now = person.locale if person else Locale.FRENCH, self._clock()
        answer = await self._change_account(insured, lambda account: self._answer(account, typed, self._codes, locale, now))
        if isinstance(answer, CodeRefused):
            raise answer
        return answer
