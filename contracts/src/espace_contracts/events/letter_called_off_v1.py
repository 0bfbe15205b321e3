from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime

from espace_contracts.event import Event
from espace_contracts.topics import DELIVERIES
from espace_contracts.vocabulary import DocumentId, LetterId


class CallOffReason(StrEnum):
    """Why a letter is not to be posted any more."""

    DOCUMENT_WITHDRAWN = "document_withdrawn"
    RECIPIENT_ERASED = "recipient_erased"


class LetterCalledOff(Event, type="lu.cns.espace.letter.called_off.v1", topic=DELIVERIES, subject="letter"):
    """The letter had not left yet and never will: there is nothing to post any more. Written once per letter."""

    letter: LetterId
    document: DocumentId
    reason: CallOffReason
    called_off_at: AwareDatetime
