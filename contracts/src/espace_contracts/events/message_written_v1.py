from __future__ import annotations

from pydantic import AwareDatetime, Field

from espace_contracts.event import Event
from espace_contracts.topics import PROCEDURES
from espace_contracts.vocabulary import MessageId, ProcedureId, ProcedureKind


class MessageWritten(Event, type="lu.cns.espace.procedure.message_written.v1", topic=PROCEDURES, subject="procedure"):
    """The person writes to the fund about a procedure. Written once per message."""

    procedure: ProcedureId
    kind: ProcedureKind
    message: MessageId
    text: str = Field(min_length=1, max_length=4000)
    written_at: AwareDatetime
