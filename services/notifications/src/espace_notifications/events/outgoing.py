"""How notifications tells what happened."""

from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.events import (
    CallOffReason,
    LetterCalledOff,
    LetterDispatched,
    LetterFailed,
    LetterPosted,
    LetterReturned,
    NoticeBounced,
    NoticeSent,
)
from espace_contracts.events.letter_failed_v1 import LetterFailure
from espace_contracts.events.letter_returned_v1 import ReturnReason
from espace_notifications.domain.letter import CalledOff, Dispatched, Failed, Posted, Returned
from espace_notifications.domain.notice import Bounced, Sent

LetterEvent = Posted | Failed | CalledOff | Dispatched | Returned


def contract_of(event: LetterEvent | Sent | Bounced) -> Event:
    """The contract that tells a domain event."""
    match event:
        case Sent():
            return NoticeSent(
                insured=event.insured, notice=event.notice, document=event.document, means=event.means, reminder=event.reminder,
                sent_at=event.at,
            )  # fmt: skip
        case Bounced():
            return NoticeBounced(
                insured=event.insured, notice=event.notice, document=event.document, means=event.means, reminder=event.reminder,
                contact_revision=event.contact_revision, bounced_at=event.at,
            )  # fmt: skip
        case _:
            return _of_letter(event)


def _of_letter(event: LetterEvent) -> Event:
    match event:
        case Posted():
            return LetterPosted(
                insured=event.insured, letter=event.letter, document=event.document, print_run=event.print_run, posted_at=event.at
            )
        case Failed():
            return LetterFailed(
                insured=event.insured, letter=event.letter, document=event.document, reason=LetterFailure(event.failure.value)
            )
        case CalledOff():
            return LetterCalledOff(
                insured=event.insured,
                letter=event.letter,
                document=event.document,
                reason=CallOffReason(event.why.value),
                called_off_at=event.at,
            )
        case Dispatched():
            return LetterDispatched(
                insured=event.insured, letter=event.letter, document=event.document, print_run=event.print_run, dispatched_at=event.at
            )
        case Returned():
            return LetterReturned(
                insured=event.insured,
                letter=event.letter,
                document=event.document,
                reason=ReturnReason(event.reason.value),
                returned_at=event.at,
            )
