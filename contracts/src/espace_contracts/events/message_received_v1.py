from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.topics import PROCEDURES
from espace_contracts.vocabulary import Locale, MessageId, ProcedureId, ProcedureKind


class MessageReceived(Event, type="lu.cns.espace.procedure.message_received.v1", topic=PROCEDURES, subject="procedure"):
    """A message of the fund lies in the eSpace. What it says is read there and does not travel. Written once per message."""

    procedure: ProcedureId
    kind: ProcedureKind
    message: MessageId
    locale: Locale
