from __future__ import annotations

from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.app.change_account import ChangeAccount
from espace_identity.app.confirm_contact import NoCodeOpen, WrongCode
from espace_identity.app.ports import Clock, Persons
from espace_identity.domain.account import Account, CodeAnswer
from espace_identity.domain.contact import ContactCodes
from espace_identity.domain.mobile import Mobile


class ConfirmMobile:
    """The number whose code the person typed is told of notices. Each wrong code is counted before its answer is given."""

    def __init__(self, change_account: ChangeAccount, persons: Persons, codes: ContactCodes, clock: Clock) -> None:
        self._change_account, self._persons, self._codes, self._clock = change_account, persons, codes, clock

    async def __call__(self, insured: InsuredId, typed: str) -> Mobile:
        """The number as it stands now. Raises WrongCode, NoCodeOpen."""
        person = await self._persons.on_file(insured)
        locale, now = person.locale if person else Locale.FRENCH, self._clock()

        def answer(account: Account) -> tuple[CodeAnswer, Account]:
            right = self._codes.code_for(account.pending_mobile.challenge) if account.pending_mobile else ""
            return account.answer_mobile_code(typed, right, locale, now), account

        outcome, account = await self._change_account(insured, answer)
        match outcome, account.pending_mobile, account.mobile:
            case CodeAnswer.RIGHT, None, Mobile() as mobile:
                return mobile
            case CodeAnswer.WRONG, pending, _ if pending is not None and pending.tries_left > 0:
                raise WrongCode(pending.tries_left)
        raise NoCodeOpen
