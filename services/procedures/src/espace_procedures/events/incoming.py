"""What the service hears."""

from __future__ import annotations

from espace_contracts.events import (
    BankDetailsRecorded,
    CorrectionRequested,
    FamilyMember,
    FamilyRecorded,
    FundMessageSent,
    PersonRecorded,
    ProcedureDecided,
)
from espace_kernel.envelope import Received
from espace_kernel.subscriptions import Subscriptions
from espace_procedures.app.use_cases import UseCases
from espace_procedures.domain.bank_account import masked
from espace_procedures.domain.decision import CorrectionRequest, Decision
from espace_procedures.domain.on_file import PersonOnFile, Relative

subscriptions: Subscriptions[UseCases] = Subscriptions(group="procedures")


@subscriptions.to(PersonRecorded)
async def remember_the_person(event: Received[PersonRecorded], do: UseCases) -> None:
    """Drafts begin with the name; who lives abroad has to go elsewhere for some procedures."""
    told = event.data
    person = PersonOnFile(
        given_name=told.given_name,
        family_name=told.family_name,
        matricule=told.matricule,
        date_of_birth=told.date_of_birth,
        residence=told.address.country if told.address else None,
    )
    await do.keep_person(told.insured, told.revision, person)


@subscriptions.to(BankDetailsRecorded)
async def remember_the_account(event: Received[BankDetailsRecorded], do: UseCases) -> None:
    """Drafts show it; masked is all that is kept."""
    await do.keep_account(event.data.insured, event.data.revision, masked(event.data.iban))


@subscriptions.to(FamilyRecorded)
async def remember_the_family(event: Received[FamilyRecorded], do: UseCases) -> None:
    """Drafts offer those who are co-insured."""
    await do.keep_family(event.data.insured, event.data.revision, tuple(_relative(member) for member in event.data.members))


@subscriptions.to(CorrectionRequested)
async def give_it_back_to_the_person(event: Received[CorrectionRequested], do: UseCases) -> None:
    """The fund cannot decide as it is."""
    asked = event.data
    await do.send_back(asked.procedure, asked.insured, CorrectionRequest(cause=event.id, submission=asked.submission, reason=asked.reason))


@subscriptions.to(ProcedureDecided)
async def close_it(event: Received[ProcedureDecided], do: UseCases) -> None:
    """The fund has said its last word."""
    decided = event.data
    granted = (decided.granted, *decided.also_granted) if decided.granted else ()
    decision = Decision(
        cause=event.id,
        submission=decided.submission,
        outcome=decided.outcome,
        decided_on=decided.decided_on,
        reason=decided.reason,
        granted=tuple(part.model_dump() for part in granted),
    )
    await do.close(decided.procedure, decided.insured, decision)


@subscriptions.to(FundMessageSent)
async def pass_the_message_on(event: Received[FundMessageSent], do: UseCases) -> None:
    """The fund writes without asking for a correction."""
    sent = event.data
    await do.receive(sent.procedure, sent.insured, sent.message, sent.text, sent.sent_at)


def _relative(member: FamilyMember) -> Relative:
    return Relative(
        person=member.person,
        name=f"{member.given_name} {member.family_name}",
        coinsured_from=member.coinsured_from,
        coinsured_until=member.coinsured_until,
    )
