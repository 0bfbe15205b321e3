from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime

from espace_contracts.event import Event
from espace_contracts.topics import DELIVERIES
from espace_contracts.vocabulary import DocumentId, LetterId


class ReturnReason(StrEnum):
    """What the post wrote on a letter that it brought back."""

    UNKNOWN_ADDRESSEE = "unknown_addressee"
    MOVED = "moved"
    INSUFFICIENT_ADDRESS = "insufficient_address"
    REFUSED = "refused"
    UNCLAIMED = "unclaimed"


class LetterReturned(Event, type="lu.cns.espace.letter.returned.v1", topic=DELIVERIES, subject="letter"):
    """The letter came back from the post, as the printer says. Written once per letter."""

    letter: LetterId
    document: DocumentId
    reason: ReturnReason
    returned_at: AwareDatetime
