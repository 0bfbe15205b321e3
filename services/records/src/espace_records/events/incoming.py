from __future__ import annotations

from espace_contracts.events import BankDetailsRecorded, PersonRecorded
from espace_kernel.envelope import Received
from espace_kernel.subscriptions import Subscriptions
from espace_records.app.use_cases import UseCases
from espace_records.domain.bank_details import BankDetails
from espace_records.domain.person import Person, PostalAddress
from espace_records.domain.snapshot import Snapshot

subscriptions: Subscriptions[UseCases] = Subscriptions(group="records")


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
