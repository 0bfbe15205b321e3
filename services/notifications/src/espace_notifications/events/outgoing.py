"""How notifications tells what happened."""

from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.events import LetterFailed, LetterPosted
from espace_contracts.events.letter_failed_v1 import LetterFailure
from espace_notifications.domain.letter import Failed, Posted


def contract_of(event: Posted | Failed) -> Event:
    """The contract that tells a domain event."""
    match event:
        case Posted():
            return LetterPosted(
                insured=event.insured, letter=event.letter, document=event.document, print_run=event.print_run, posted_at=event.at
            )
        case Failed():
            return LetterFailed(
                insured=event.insured, letter=event.letter, document=event.document, reason=LetterFailure(event.failure.value)
            )
