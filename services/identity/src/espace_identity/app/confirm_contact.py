from __future__ import annotations

from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.app.change_account import ChangeAccount
from espace_identity.app.ports import Clock, Persons
from espace_identity.domain.account import Account, CodeAnswer
from espace_identity.domain.contact import Contact, ContactCodes


class WrongCode(Exception):
    """Not the code that was sent; `tries_left` of them are left."""

    def __init__(self, tries_left: int) -> None:
        super().__init__()
        self.tries_left = tries_left


class NoCodeOpen(Exception):
    """No code is waited for: none was sent, its time is over, or too many wrong ones were typed."""


class ConfirmContact:
    """Notices go to the address whose code the person typed. Each wrong code is counted before its answer is given."""

    def __init__(self, change_account: ChangeAccount, persons: Persons, codes: ContactCodes, clock: Clock) -> None:
        self._change_account, self._persons, self._codes, self._clock = change_account, persons, codes, clock

    async def __call__(self, insured: InsuredId, typed: str) -> Contact:
        """The contact as it stands now. Raises WrongCode, NoCodeOpen."""
        person = await self._persons.on_file(insured)
        locale, now = person.locale if person else Locale.FRENCH, self._clock()

        def answer(account: Account) -> tuple[CodeAnswer, Account]:
            right = self._codes.code_for(account.pending.challenge) if account.pending else ""
            return account.answer_code(typed, right, locale, now), account

        outcome, account = await self._change_account(insured, answer)
        match outcome, account.pending, account.contact:
            case CodeAnswer.RIGHT, None, Contact() as contact:
                return contact
            case CodeAnswer.WRONG, pending, _ if pending is not None and pending.tries_left > 0:
                raise WrongCode(pending.tries_left)
        raise NoCodeOpen
