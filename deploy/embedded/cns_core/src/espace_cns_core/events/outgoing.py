"""How the stand-in tells what happened."""

from __future__ import annotations

from espace_cns_core.domain.grants import INSTITUTION_ID, INSTITUTION_NAME, GrantedAccount, GrantedCertificate
from espace_cns_core.domain.person import AccountOnFile, FileOpened
from espace_cns_core.domain.submission import Decided, SentBack
from espace_cns_core.domain.verdict import Action
from espace_contracts.event import Event
from espace_contracts.events import (
    BankDetailsChangeGranted,
    BankDetailsRecorded,
    CorrectionRequested,
    EhicReplacementGranted,
    PersonRecorded,
    ProcedureDecided,
)
from espace_contracts.vocabulary import InsuredId, Outcome, ProcedureId


def contract_of(event: FileOpened | AccountOnFile | Decided | SentBack) -> Event:
    """The contract that tells a domain event."""
    match event:
        case FileOpened(person):
            return PersonRecorded(
                insured=InsuredId(person.id),
                revision=1,
                matricule=person.identity.matricule,
                given_name=person.identity.given_name,
                family_name=person.identity.family_name,
                date_of_birth=person.identity.date_of_birth,
                address=person.address,
                locale=person.locale,
                deceased=person.deceased,
            )
        case AccountOnFile(insured, revision, account):
            return BankDetailsRecorded(
                insured=InsuredId(insured),
                revision=revision,
                iban=account.iban,
                bic=account.bic,
                holder=account.holder,
                since=account.since,
            )
        case SentBack(submission, reason):
            return CorrectionRequested(
                insured=InsuredId(submission.insured),
                procedure=ProcedureId(submission.procedure),
                submission=submission.number,
                reason=reason,
            )
        case Decided(submission, verdict, on, granted):
            return ProcedureDecided(
                insured=InsuredId(submission.insured),
                procedure=ProcedureId(submission.procedure),
                submission=submission.number,
                outcome=Outcome.APPROVED if verdict.action is Action.APPROVE else Outcome.REFUSED,
                decided_on=on,
                reason=verdict.reason,
                granted=_granted(granted),
            )


def _granted(granted: GrantedAccount | GrantedCertificate | None) -> BankDetailsChangeGranted | EhicReplacementGranted | None:
    match granted:
        case GrantedAccount(account, replaced_iban):
            return BankDetailsChangeGranted(
                replaced_iban=replaced_iban, iban=account.iban, bic=account.bic, holder=account.holder, effective_on=account.since
            )
        case GrantedCertificate():
            return EhicReplacementGranted(
                holder_name=granted.holder.family_name,
                holder_given_names=granted.holder.given_name,
                date_of_birth=granted.holder.date_of_birth,
                matricule=granted.holder.matricule,
                institution_id=INSTITUTION_ID,
                institution_name=INSTITUTION_NAME,
                card_number=granted.card_number,
                card_expires_on=granted.card_expires_on,
                valid_from=granted.valid_from,
                valid_to=granted.valid_to,
                destination=granted.destination,
            )
        case None:
            return None
