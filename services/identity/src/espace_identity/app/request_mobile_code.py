from __future__ import annotations

from uuid import uuid4

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.change_account import ChangeAccount
from espace_identity.app.ports import Accounts, Clock, MobileTries, Persons
from espace_identity.app.request_contact_code import NotOnFile
from espace_identity.domain.challenge import TooManyCodes
from espace_identity.domain.mobile import MOBILE_CODES_WITHIN, PendingMobile, mobile_in


class RequestMobileCode:
    """A person gives a mobile number for notices: a code is sent there, by which they show that it is theirs.

    What one person may have sent is counted in their account, what goes to one number, whoever asks, beside it.
    """

    def __init__(self, accounts: Accounts, change_account: ChangeAccount, persons: Persons, tries: MobileTries, clock: Clock) -> None:
        self._accounts, self._change_account, self._persons = accounts, change_account, persons
        self._tries, self._clock = tries, clock

    async def __call__(self, insured: InsuredId, typed: str) -> PendingMobile:
        """What waits for its code now. Raises NotAMobileNumber, TooManyCodes, NotOnFile."""
        number, person = mobile_in(typed), await self._persons.on_file(insured)
        if person is None:
            raise NotOnFile
        now, challenge = self._clock(), uuid4()
        if account := await self._accounts.get(insured):
            account.require_mobile_code_left(now)  # so that who may ask no more takes nothing from whom the number belongs to
        if not await self._tries.spend_try(number, now):
            raise TooManyCodes(MOBILE_CODES_WITHIN)
        return await self._change_account(insured, lambda account: account.want_mobile_code(challenge, number, person.locale, now))
