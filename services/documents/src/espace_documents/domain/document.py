"""A document from its order to what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from espace_contracts.contents import DocumentContent
from espace_contracts.vocabulary import Channel, DocumentId, DocumentType, InsuredId, LetterId, Locale, ProcedureId
from espace_documents.domain.channel import Decision
from espace_documents.domain.reference import reference_of
from espace_kernel.aggregate import Aggregate

LUXEMBOURG = ZoneInfo("Europe/Luxembourg")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a document comes from: the procedure, and the event that ordered it."""

    procedure: ProcedureId
    event: UUID
    ordered_at: datetime

    @property
    def issued_on(self) -> date:
        """The date on the paper: the day of the order, in Luxembourg. The same for every try, so the file is the same too."""
        return self.ordered_at.astimezone(LUXEMBOURG).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One document that is to reach one recipient. `document` derives from the event, so an order that is repeated is the same order.

    `without_login`: the procedure that leads to it was started by somebody who did not log in.
    """

    document: DocumentId
    recipient: InsuredId
    content: DocumentContent
    locale: Locale
    source: Source
    without_login: bool = False

    @property
    def reference(self) -> str:
        """The short name that the document will carry."""
        return reference_of(self.document)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pdf:
    """The archived file. `blob` is its id in the archive, `size` in bytes."""

    blob: UUID
    sha256: str
    size: int
    pages: int
    title: str
    rendered_at: datetime


@dataclass(frozen=True, slots=True)
class MadeAvailable:
    """The document lies in the recipient's eSpace."""

    document: Document


@dataclass(frozen=True, slots=True)
class LetterOrdered:
    """The document is to be posted."""

    document: Document


@dataclass(kw_only=True)
class Document(Aggregate):
    """A rendered and archived document with the one channel it takes. Each `..._at` is a fact: set once, never changed."""

    insured: InsuredId
    type: DocumentType
    locale: Locale
    reference: str
    source: Source
    pdf: Pdf
    decision: Decision
    channel: Channel
    letter: LetterId | None = None
    available_at: datetime | None = None
    letter_requested_at: datetime | None = None
    first_opened_at: datetime | None = None
    downloaded_at: datetime | None = None
    posted_at: datetime | None = None
    failed_at: datetime | None = None
    failure: str | None = None

    @classmethod
    def delivered(cls, order: Order, pdf: Pdf, decision: Decision) -> Self:
        """The document of this order, on its way by the channel decided. Both happen in one: no document waits without a channel."""
        by_post = decision.rule.channel is Channel.POST
        document = cls(
            id=order.document,
            insured=order.recipient,
            type=order.content.type,
            locale=order.locale,
            reference=order.reference,
            source=order.source,
            pdf=pdf,
            decision=decision,
            channel=decision.rule.channel,
            letter=LetterId(uuid5(order.document, "letter/1")) if by_post else None,
            available_at=None if by_post else decision.at,
            letter_requested_at=decision.at if by_post else None,
        )
        document.record(LetterOrdered(document) if by_post else MadeAvailable(document))
        return document

    def note_opening(self, at: datetime) -> bool:
        """The recipient asked for the file. True when it is the first time."""
        if self.first_opened_at is not None:
            return False
        self.first_opened_at = at
        return True

    def note_download(self, at: datetime) -> bool:
        """The file went out to the recipient whole. True when it is the first time."""
        if self.downloaded_at is not None:
            return False
        self.downloaded_at = at
        return True

    def note_posting(self, at: datetime) -> bool:
        """The letter was handed to the printer. True when it is told for the first time."""
        if self.posted_at is not None:
            return False
        self.posted_at = at
        return True

    def note_failure(self, reason: str, at: datetime) -> bool:
        """The letter cannot be posted as it is, for a reason by its code. True when it is told for the first time."""
        if self.failed_at is not None:
            return False
        self.failed_at, self.failure = at, reason
        return True
