"""How the stand-in tells what is on file on a person: who they are, their account, family and leave, and what they are paid back."""

from __future__ import annotations

from dataclasses import asdict

from espace_cns_core.domain.benefit import Benefit, BenefitTold
from espace_cns_core.domain.family import FamilyOnFile
from espace_cns_core.domain.leave import LeaveOnFile
from espace_cns_core.domain.person import AccountOnFile, FileOpened, Person
from espace_cns_core.domain.reimbursement import Reimbursement, Settled
from espace_contracts.event import Event
from espace_contracts.events import (
    BankDetailsRecorded,
    BenefitSettled,
    ChildLeave,
    FamilyLeaveRecorded,
    FamilyMember,
    FamilyRecorded,
    PersonRecorded,
    ReimbursementLine,
    ReimbursementSettled,
)
from espace_contracts.vocabulary import BenefitId, InsuredId, ReimbursementId, RunId

Fact = FileOpened | AccountOnFile | FamilyOnFile | LeaveOnFile | Settled | BenefitTold


def fact_told(event: Fact) -> Event:
    """The contract that tells a fact on file."""
    match event:
        case FileOpened(person):
            return _person(person)
        case AccountOnFile():
            return _account(event)
        case FamilyOnFile():
            return _family(event)
        case LeaveOnFile():
            return _leave(event)
        case Settled(reimbursement):
            return _reimbursement(reimbursement)
        case BenefitTold(benefit):
            return _benefit(benefit)


def _person(person: Person) -> PersonRecorded:
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


def _account(event: AccountOnFile) -> BankDetailsRecorded:
    account = event.account
    return BankDetailsRecorded(
        insured=InsuredId(event.insured),
        revision=event.revision,
        iban=account.iban,
        bic=account.bic,
        holder=account.holder,
        since=account.since,
    )


def _family(event: FamilyOnFile) -> FamilyRecorded:
    members = tuple(
        FamilyMember(
            person=InsuredId(member.person),
            matricule=member.identity.matricule,
            given_name=member.identity.given_name,
            family_name=member.identity.family_name,
            date_of_birth=member.identity.date_of_birth,
            relation=member.relation,
            coinsured_from=member.coinsured_from,
            coinsured_until=member.coinsured_until,
            represented=member.represented,
        )
        for member in event.members
    )
    return FamilyRecorded(insured=InsuredId(event.insured), revision=event.revision, members=members)


def _leave(event: LeaveOnFile) -> FamilyLeaveRecorded:
    children = tuple(ChildLeave.model_validate(asdict(child)) for child in event.children)
    return FamilyLeaveRecorded(insured=InsuredId(event.insured), revision=event.revision, children=children)


def _reimbursement(reimbursement: Reimbursement) -> ReimbursementSettled:
    lines = tuple(
        ReimbursementLine(
            patient=InsuredId(line.patient),
            patient_name=line.patient_name,
            supplier=line.supplier,
            service_code=line.service_code,
            service_on=line.service_on,
            invoiced_cents=line.invoiced,
            tariff_cents=line.tariff,
            participation_cents=line.participation,
            refunded_cents=line.refunded,
        )
        for line in reimbursement.lines
    )
    return ReimbursementSettled(
        insured=InsuredId(reimbursement.insured),
        reimbursement=ReimbursementId(reimbursement.id),
        reference=reimbursement.reference,
        settled_on=reimbursement.settled_on,
        paid_to_iban_masked=reimbursement.paid_to_iban_masked,
        lines=lines,
        run=RunId(reimbursement.run) if reimbursement.run else None,
    )


def _benefit(benefit: Benefit) -> BenefitSettled:
    return BenefitSettled(
        insured=InsuredId(benefit.insured),
        benefit=BenefitId(benefit.id),
        content=benefit.content,
        locale=benefit.locale,
        settled_at=benefit.settled_at,
        run=RunId(benefit.run) if benefit.run else None,
    )
