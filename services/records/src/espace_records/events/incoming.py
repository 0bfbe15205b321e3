from __future__ import annotations

from pydantic import TypeAdapter

from espace_contracts.events import BankDetailsRecorded, FamilyLeaveRecorded, FamilyRecorded, PersonRecorded, ReimbursementSettled
from espace_kernel.envelope import Received
from espace_kernel.subscriptions import Subscriptions
from espace_records.app.use_cases import UseCases
from espace_records.domain.bank_details import BankDetails
from espace_records.domain.family import Family
from espace_records.domain.leave.child_leave import FamilyLeave
from espace_records.domain.person import Person, PostalAddress
from espace_records.domain.reimbursement import Reimbursement, ReimbursementLine
from espace_records.domain.snapshot import Snapshot

subscriptions: Subscriptions[UseCases] = Subscriptions(group="records")

_FAMILY, _LEAVE = TypeAdapter(Family), TypeAdapter(FamilyLeave)
"""The fund's words for these two are the eSpace's, field for field."""


@subscriptions.to(PersonRecorded)
async def keep_the_person(event: Received[PersonRecorded], do: UseCases) -> None:
    """The person sees their file as it stands from now on."""
    told = event.data
    person = Person(
        matricule=told.matricule,
        given_name=told.given_name,
        family_name=told.family_name,
        date_of_birth=told.date_of_birth,
        address=PostalAddress(lines=told.address.lines, country=told.address.country) if told.address else None,
        locale=told.locale,
    )
    await do.keep_person(Snapshot(insured=told.insured, revision=told.revision, as_of=event.time, says=person))


@subscriptions.to(BankDetailsRecorded)
async def keep_the_bank_details(event: Received[BankDetailsRecorded], do: UseCases) -> None:
    """The person sees the account their reimbursements go to."""
    told = event.data
    details = BankDetails(iban=told.iban, bic=told.bic, holder=told.holder, since=told.since)
    await do.keep_bank_details(Snapshot(insured=told.insured, revision=told.revision, as_of=event.time, says=details))


@subscriptions.to(FamilyRecorded)
async def keep_the_family(event: Received[FamilyRecorded], do: UseCases) -> None:
    """The person sees who belongs to their family and who is insured through them."""
    told = event.data
    family = _FAMILY.validate_python(told.model_dump())
    await do.keep_family(Snapshot(insured=told.insured, revision=told.revision, as_of=event.time, says=family))


@subscriptions.to(FamilyLeaveRecorded)
async def keep_the_leave(event: Received[FamilyLeaveRecorded], do: UseCases) -> None:
    """The person sees what leave for family reasons is left for each child."""
    told = event.data
    leave = _LEAVE.validate_python(told.model_dump())
    await do.keep_leave(Snapshot(insured=told.insured, revision=told.revision, as_of=event.time, says=leave))


@subscriptions.to(ReimbursementSettled)
async def keep_the_reimbursement(event: Received[ReimbursementSettled], do: UseCases) -> None:
    """The person sees what was paid back, line by line."""
    told = event.data
    lines = tuple(
        ReimbursementLine(
            patient=line.patient,
            patient_name=line.patient_name,
            supplier=line.supplier,
            service_code=line.service_code,
            service_on=line.service_on,
            invoiced=line.invoiced_cents,
            tariff=line.tariff_cents,
            participation=line.participation_cents,
            refunded=line.refunded_cents,
        )
        for line in told.lines
    )
    await do.keep_reimbursement(
        Reimbursement(
            id=told.reimbursement,
            insured=told.insured,
            reference=told.reference,
            settled_on=told.settled_on,
            paid_to_iban_masked=told.paid_to_iban_masked,
            lines=lines,
            as_of=event.time,
        )
    )
