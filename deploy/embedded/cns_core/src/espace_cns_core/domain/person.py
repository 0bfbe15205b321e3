"""The fund's file on one person: who they are, where the post reaches them, which account the fund pays to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from espace_contracts.vocabulary import Locale, PostalAddress
from espace_kernel.aggregate import Aggregate


@dataclass(frozen=True)
class Identity:
    """What the register says of a person. `matricule` has 13 digits."""

    matricule: str
    given_name: str
    family_name: str
    date_of_birth: date

    @property
    def full_name(self) -> str:
        """As it is written on paper."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True)
class Account:
    """Where reimbursements are paid to. `granted_by` is the submission that changed it; None for the first account."""

    iban: str
    bic: str | None
    holder: str
    since: date
    granted_by: UUID | None = None

    @property
    def masked_iban(self) -> str:
        """The IBAN as a statement shows it: its two ends, in groups of four."""
        masked = self.iban[:4] + "•" * (len(self.iban) - 8) + self.iban[-4:]
        return " ".join(masked[start : start + 4] for start in range(0, len(masked), 4))


@dataclass(frozen=True)
class FileOpened:
    """A person is on file."""

    person: Person


@dataclass(frozen=True)
class AccountOnFile:
    """The fund pays to this account from now on; `revision` counts this person's accounts."""

    insured: UUID
    revision: int
    account: Account


@dataclass(kw_only=True)
class Person(Aggregate):
    """The file of one insured person; its id is the insured id."""

    identity: Identity
    address: PostalAddress | None
    locale: Locale
    deceased: bool = False
    accounts: tuple[Account, ...] = ()
    """Oldest first; the last one is paid to."""

    @classmethod
    def on_file(cls, insured: UUID, identity: Identity, address: PostalAddress | None, locale: Locale, *, deceased: bool = False) -> Self:
        """Open a person's file."""
        person = cls(id=insured, identity=identity, address=address, locale=locale, deceased=deceased)
        person.record(FileOpened(person))
        return person

    @property
    def account(self) -> Account | None:
        """The account the fund pays to now; None when it knows none."""
        return self.accounts[-1] if self.accounts else None

    def pay_to(self, account: Account) -> None:
        """Put an account on file; nothing happens when the same submission put it there before."""
        if account.granted_by is not None and account.granted_by in {known.granted_by for known in self.accounts}:
            return
        self.accounts = (*self.accounts, account)
        self.record(AccountOnFile(self.id, len(self.accounts), account))
