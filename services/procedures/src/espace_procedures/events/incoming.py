"""What the service hears."""

from __future__ import annotations

from espace_contracts.events import BankDetailsRecorded, CorrectionRequested, PersonRecorded, ProcedureDecided
from espace_kernel.envelope import Received
from espace_kernel.subscriptions import Subscriptions
from espace_procedures.app.use_cases import UseCases
from espace_procedures.domain.bank_account import masked
from espace_procedures.domain.decision import CorrectionRequest, Decision

subscriptions: Subscriptions[UseCases] = Subscriptions(group="procedures")


@subscriptions.to(PersonRecorded)
async def remember_the_name(event: Received[PersonRecorded], do: UseCases) -> None:
    """Drafts begin with it."""
    person = event.data
    await do.keep_name(person.insured, person.revision, f"{person.given_name} {person.family_name}")


@subscriptions.to(BankDetailsRecorded)
async def remember_the_account(event: Received[BankDetailsRecorded], do: UseCases) -> None:
    """Drafts show it; masked is all that is kept."""
    await do.keep_account(event.data.insured, event.data.revision, masked(event.data.iban))


@subscriptions.to(CorrectionRequested)
async def give_it_back_to_the_person(event: Received[CorrectionRequested], do: UseCases) -> None:
    """The fund cannot decide as it is."""
    asked = event.data
    await do.send_back(asked.procedure, asked.insured, CorrectionRequest(cause=event.id, submission=asked.submission, reason=asked.reason))


@subscriptions.to(ProcedureDecided)
async def close_it(event: Received[ProcedureDecided], do: UseCases) -> None:
    """The fund has said its last word."""
    decided = event.data
    decision = Decision(
        cause=event.id,
        submission=decided.submission,
        outcome=decided.outcome,
        decided_on=decided.decided_on,
        reason=decided.reason,
        granted=decided.granted.model_dump() if decided.granted else None,
    )
    await do.close(decided.procedure, decided.insured, decision)
