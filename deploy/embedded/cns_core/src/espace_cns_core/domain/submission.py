"""A submission as the fund holds it, from the day it arrives to its one decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from espace_cns_core.domain.grants import Granted, GrantedAccount, GrantedAppointment
from espace_cns_core.domain.grants.coinsurance import coinsurance_of
from espace_cns_core.domain.grants.ehic_replacement import certificate_for
from espace_cns_core.domain.grants.entitlement import entitlement_of
from espace_cns_core.domain.household import Household
from espace_cns_core.domain.person import Account
from espace_cns_core.domain.verdict import Action, Verdict
from espace_contracts.vocabulary import Locale, ProcedureKind
from espace_kernel.aggregate import Aggregate
from espace_kernel.outcomes import NeverWorks


class AlreadyDecided(Exception):
    """The fund decides on a submission once; `verdict` is what it said."""

    def __init__(self, verdict: Verdict, on: date) -> None:
        super().__init__(verdict.action.value)
        self.verdict, self.on = verdict, on


class Withdrawn(Exception):
    """The person took the procedure back: the fund decides and writes no more."""


class NothingToGrant(Exception):
    """An approval would state nothing: nobody who could be on the certificate is on file."""


@dataclass(frozen=True)
class Decided:
    """The fund said the last word on a procedure. `granted` is empty when refused, and more than one thing when so asked."""

    submission: Submission
    verdict: Verdict
    on: date
    granted: tuple[Granted, ...]


@dataclass(frozen=True)
class SentBack:
    """The person is asked to correct the submission."""

    submission: Submission
    reason: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message about the procedure, from the person or from the fund."""

    id: UUID
    text: str
    at: datetime
    from_fund: bool


@dataclass(frozen=True)
class FundWrote:
    """The fund wrote to the person."""

    submission: Submission
    message: Message


@dataclass(kw_only=True)
class Submission(Aggregate):
    """What a person submitted. Its id derives from the event that brought it, so a redelivery finds it here.

    `number` counts the submissions of its procedure from 1; `attached` holds the roles of the attachments.
    """

    procedure: UUID
    insured: UUID
    kind: ProcedureKind
    number: int
    locale: Locale
    answers: dict[str, Any]
    attached: tuple[str, ...] = ()
    with_login: bool = True
    verdict: Verdict | None = None
    decided_on: date | None = None
    withdrawn: bool = False
    messages: tuple[Message, ...] = ()
    """Oldest first."""

    def decide(self, verdict: Verdict, household: Household) -> None:
        """Say what the fund says, once.

        Raises AlreadyDecided, Withdrawn, NothingToGrant, and NeverWorks when the answers lack what an approval needs.
        """
        if self.verdict is not None and self.decided_on is not None:
            raise AlreadyDecided(self.verdict, self.decided_on)
        if self.withdrawn:
            raise Withdrawn
        if verdict.action is Action.CORRECT:
            self.record(SentBack(self, verdict.reason or ""))
        else:
            granted = self._granted(household) if verdict.action is Action.APPROVE else ()
            if verdict.action is Action.APPROVE and not granted:
                raise NothingToGrant
            self.record(Decided(self, verdict, household.on, granted))
        self.verdict, self.decided_on = verdict, household.on

    def withdraw(self) -> None:
        """The person took it back. A decision that was given before stands."""
        self.withdrawn = True

    def hear(self, message: Message) -> bool:
        """Keep a message of the person's. False when it is kept already."""
        if message.id in {known.id for known in self.messages}:
            return False
        self.messages = (*self.messages, message)
        return True

    def write(self, message: Message) -> None:
        """Write to the person while the procedure is open. Raises AlreadyDecided, Withdrawn."""
        if self.withdrawn:
            raise Withdrawn
        if self.verdict is not None and self.verdict.action is not Action.CORRECT and self.decided_on is not None:
            raise AlreadyDecided(self.verdict, self.decided_on)
        self.messages = (*self.messages, message)
        self.record(FundWrote(self, message))

    @property
    def granted_account(self) -> Account | None:
        """The account that an approved change of bank details puts on file; None for anything else."""
        if self.verdict is None or self.verdict.action is not Action.APPROVE or self.decided_on is None:
            return None
        return self._account(self.decided_on) if self.kind is ProcedureKind.BANK_DETAILS_CHANGE else None

    def _account(self, on: date) -> Account:
        try:
            iban, holder = str(self.answers["iban"]), str(self.answers["holder"])
        except KeyError as missing:
            raise NeverWorks(f"The submission does not answer {missing.args[0]}, without which no account can be put on file.") from None
        return Account(iban, self.answers.get("bic"), holder, on, granted_by=self.id)

    def _granted(self, household: Household) -> tuple[Granted, ...]:
        match self.kind:
            case ProcedureKind.BANK_DETAILS_CHANGE:
                replaced = household.principal.account
                return (GrantedAccount(self._account(household.on), replaced.iban if replaced else None),)
            case ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE:
                holders = household.named(self.answers.get("persons"))
                return tuple(certificate_for(holder, self.answers.get("destination"), household.on) for holder in holders)
            case ProcedureKind.COINSURANCE_CERTIFICATE:
                return coinsurance_of(household, self.answers.get("persons"))
            case ProcedureKind.ENTITLEMENT_CERTIFICATE:
                granted = entitlement_of(household, self.answers)
                return (granted,) if granted.persons else ()
            case ProcedureKind.AGENCY_APPOINTMENT:
                return (GrantedAppointment(),)
