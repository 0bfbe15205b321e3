from __future__ import annotations

from pydantic import AwareDatetime, Field

from espace_contracts.event import Event
from espace_contracts.topics import DECISIONS
from espace_contracts.vocabulary import MessageId, ProcedureId


class FundMessageSent(Event, type="lu.cns.decisions.message.sent.v1", topic=DECISIONS, subject="procedure"):
    """The fund writes to the person about a procedure, without asking for a correction. Written once per message."""

    procedure: ProcedureId
    message: MessageId
    text: str = Field(min_length=1, max_length=4000, description="in the language of the submission")
    sent_at: AwareDatetime
