"""How the stand-in tells what happened."""

from __future__ import annotations

from espace_cns_core.domain.submission import Decided, FundWrote, SentBack
from espace_cns_core.domain.verdict import Action
from espace_cns_core.events.facts import Fact, fact_told
from espace_cns_core.events.granted import told
from espace_contracts.event import Event
from espace_contracts.events import CorrectionRequested, FundMessageSent, ProcedureDecided
from espace_contracts.vocabulary import InsuredId, MessageId, Outcome, ProcedureId

Told = Fact | Decided | SentBack | FundWrote


def contract_of(event: Told) -> Event:
    """The contract that tells a domain event."""
    match event:
        case Decided():
            return _decision(event)
        case SentBack(submission, reason):
            return CorrectionRequested(
                insured=InsuredId(submission.insured),
                procedure=ProcedureId(submission.procedure),
                submission=submission.number,
                reason=reason,
            )
        case FundWrote(submission, message):
            return FundMessageSent(
                insured=InsuredId(submission.insured),
                procedure=ProcedureId(submission.procedure),
                message=MessageId(message.id),
                text=message.text,
                sent_at=message.at,
            )
        case _:
            return fact_told(event)


def _decision(event: Decided) -> ProcedureDecided:
    submission, granted = event.submission, tuple(map(told, event.granted))
    return ProcedureDecided(
        insured=InsuredId(submission.insured),
        procedure=ProcedureId(submission.procedure),
        submission=submission.number,
        outcome=Outcome.APPROVED if event.verdict.action is Action.APPROVE else Outcome.REFUSED,
        decided_on=event.on,
        reason=event.verdict.reason,
        granted=granted[0] if granted else None,
        also_granted=granted[1:],
    )
