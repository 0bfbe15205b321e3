"""A submission as the fund holds it, from the day it arrives to its one decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from espace_cns_core.domain.grants import GrantedAccount, GrantedCertificate, certificate_for
from espace_cns_core.domain.person import Account, Person
from espace_cns_core.domain.verdict import Action, Verdict
from espace_contracts.vocabulary import Locale, ProcedureKind
from espace_kernel.aggregate import Aggregate
from espace_kernel.outcomes import NeverWorks


class AlreadyDecided(Exception):
    """The fund decides on a submission once; `verdict` is what it said."""

    def __init__(self, verdict: Verdict, on: date) -> None:
        super().__init__(verdict.action.value)
        self.verdict, self.on = verdict, on


@dataclass(frozen=True)
class Decided:
    """The fund said the last word on a procedure. `granted` is None when refused."""

    submission: Submission
    verdict: Verdict
    on: date
    granted: GrantedAccount | GrantedCertificate | None


@dataclass(frozen=True)
class SentBack:
    """The person is asked to correct the submission."""

    submission: Submission
    reason: str


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
    verdict: Verdict | None = None
    decided_on: date | None = None

    def decide(self, verdict: Verdict, person: Person, on: date) -> None:
        """Say what the fund says, once. Raises AlreadyDecided, NeverWorks when the answers lack what an approval needs."""
        if self.verdict is not None and self.decided_on is not None:
            raise AlreadyDecided(self.verdict, self.decided_on)
        self.verdict, self.decided_on = verdict, on
        if verdict.action is Action.CORRECT:
            self.record(SentBack(self, verdict.reason or ""))
        else:
            self.record(Decided(self, verdict, on, self._granted(person, on) if verdict.action is Action.APPROVE else None))

    @property
    def granted_account(self) -> Account | None:
        """The account that an approved change of bank details puts on file; None for anything else."""
        if self.kind is not ProcedureKind.BANK_DETAILS_CHANGE or self.verdict is None or self.decided_on is None:
            return None
        if self.verdict.action is not Action.APPROVE:
            return None
        try:
            iban, holder = str(self.answers["iban"]), str(self.answers["holder"])
        except KeyError as missing:
            raise NeverWorks(f"The submission does not answer {missing.args[0]}, without which no account can be put on file.") from None
        return Account(iban, self.answers.get("bic"), holder, self.decided_on, granted_by=self.id)

    def _granted(self, person: Person, on: date) -> GrantedAccount | GrantedCertificate:
        if (account := self.granted_account) is not None:
            return GrantedAccount(account, person.account.iban if person.account else None)
        return certificate_for(person.id, person.identity, self.answers.get("destination"), on)
