from __future__ import annotations

from enum import StrEnum

from espace_contracts.event import Event
from espace_contracts.topics import DELIVERIES
from espace_contracts.vocabulary import DocumentId, LetterId


class LetterFailure(StrEnum):
    """Why a letter could not be posted."""

    NO_USABLE_ADDRESS = "no_usable_address"
    CONTENT_ALTERED = "content_altered"


class LetterFailed(Event, type="lu.cns.espace.letter.failed.v1", topic=DELIVERIES, subject="letter"):
    """The letter cannot be posted as it is; an operator is asked to act. Written once per letter."""

    letter: LetterId
    document: DocumentId
    reason: LetterFailure
