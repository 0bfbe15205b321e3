"""How the service tells what was written about a procedure."""

from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.events import MessageReceived, MessageWritten
from espace_contracts.vocabulary import MessageId, ProcedureId
from espace_procedures.domain.events import Answered, Written


def contract_of_message(event: Written | Answered) -> Event:
    """The contract that tells of a message. What the fund wrote does not travel: the person reads it in the eSpace."""
    about, message = event.about, MessageId(event.message)
    procedure = ProcedureId(about.procedure)
    match event:
        case Written(text=text, at=at):
            return MessageWritten(insured=about.insured, procedure=procedure, kind=about.kind, message=message, text=text, written_at=at)
        case Answered():
            return MessageReceived(insured=about.insured, procedure=procedure, kind=about.kind, message=message, locale=about.locale)
