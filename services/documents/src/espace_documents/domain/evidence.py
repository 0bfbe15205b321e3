"""What became of a document, step by step: the evidence of its delivery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from espace_contracts.vocabulary import LetterId, NoticeMeans
from espace_documents.domain.channel import ChannelRule
from espace_documents.domain.delivery import Cause, Delivery
from espace_documents.domain.document import Document, OpenedBy


class StepKind(StrEnum):
    """What can become of a document."""

    ORDERED = "ordered"
    RENDERED = "rendered"
    CHANNEL_DECIDED = "channel_decided"
    AVAILABLE = "available"
    NOTICED = "noticed"
    NOTICE_BOUNCED = "notice_bounced"
    FIRST_OPENED = "first_opened"
    DOWNLOADED = "downloaded"
    LETTER_REQUESTED = "letter_requested"
    LETTER_FAILED = "letter_failed"
    LETTER_CALLED_OFF = "letter_called_off"
    HANDED_TO_PRINTER = "handed_to_printer"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A fact and its time. `delivery`: which try it belongs to; None: the document as such."""

    kind: StepKind
    at: datetime
    delivery: int | None = None
    cause: Cause | None = None
    rule: ChannelRule | None = None
    letter: LetterId | None = None
    means: NoticeMeans | None = None
    reminder: int | None = None
    opened_by: OpenedBy | None = None
    reason: str | None = None
    """The code of why a letter failed, was called off or came back."""


def evidence_of(document: Document) -> list[Step]:
    """Every step, in the order in which it happened."""
    return sorted((*_of_the_document(document), *(step for each in document.deliveries for step in _of(each))), key=lambda step: step.at)


def latest_of(document: Document) -> Step:
    """Where the document is now: withdrawn or replaced, opened, or the last step of its last delivery. No notice moves it."""
    gone = [step for step in _of_the_document(document) if step.kind in (StepKind.WITHDRAWN, StepKind.REPLACED, StepKind.FIRST_OPENED)]
    return gone[-1] if gone else [*_decided(document.last), *_became_of_letter(document.last)][-1]


def _of_the_document(document: Document) -> Iterator[Step]:
    yield Step(kind=StepKind.ORDERED, at=document.source.ordered_at)
    yield Step(kind=StepKind.RENDERED, at=document.pdf.rendered_at)
    if document.first_opened_at:
        yield Step(kind=StepKind.FIRST_OPENED, at=document.first_opened_at, opened_by=document.first_opened_by)
    if document.downloaded_at:
        yield Step(kind=StepKind.DOWNLOADED, at=document.downloaded_at)
    if document.withdrawn_at:
        yield Step(kind=StepKind.REPLACED if document.replaced_by else StepKind.WITHDRAWN, at=document.withdrawn_at)


def _of(delivery: Delivery) -> Iterator[Step]:
    yield from _decided(delivery)
    yield from _notices(delivery)
    yield from _became_of_letter(delivery)


def _decided(delivery: Delivery) -> Iterator[Step]:
    number, letter, decision = delivery.number, delivery.letter, delivery.decision
    yield Step(kind=StepKind.CHANNEL_DECIDED, at=decision.at, delivery=number, rule=decision.rule, cause=delivery.cause)
    if letter is None:
        yield Step(kind=StepKind.AVAILABLE, at=decision.at, delivery=number)
    else:
        yield Step(kind=StepKind.LETTER_REQUESTED, at=decision.at, delivery=number, letter=letter)


def _notices(delivery: Delivery) -> Iterator[Step]:
    number = delivery.number
    for sent in delivery.notices:
        yield Step(kind=StepKind.NOTICED, at=sent.sent_at, delivery=number, means=sent.means, reminder=sent.reminder)
    for back in delivery.bounces:
        yield Step(kind=StepKind.NOTICE_BOUNCED, at=back.bounced_at, delivery=number, means=back.means, reminder=back.reminder)


def _became_of_letter(delivery: Delivery) -> Iterator[Step]:
    facts = (
        (StepKind.LETTER_FAILED, delivery.failed_at, delivery.failure),
        (StepKind.LETTER_CALLED_OFF, delivery.called_off_at, delivery.called_off_why),
        (StepKind.HANDED_TO_PRINTER, delivery.posted_at, None),
        (StepKind.DISPATCHED, delivery.dispatched_at, None),
        (StepKind.RETURNED, delivery.returned_at, delivery.return_reason),
    )
    for kind, at, reason in facts:
        if at:
            yield Step(kind=kind, at=at, delivery=delivery.number, letter=delivery.letter, reason=reason)
