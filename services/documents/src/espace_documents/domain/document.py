"""A document from its order to what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import uuid5

from espace_contracts.vocabulary import Channel, DocumentId, DocumentType, InsuredId, LetterId, Locale
from espace_documents.domain.channel import Circumstances, Decision
from espace_documents.domain.delivery import MOST_LETTERS, Bounce, Cause, Delivery, Notice
from espace_documents.domain.finding import Finding
from espace_documents.domain.ladder import NOBODY_THERE, Ladder
from espace_documents.domain.order import Order, Pdf, Source
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import Recipient
from espace_documents.domain.words import words_to_find
from espace_kernel.aggregate import Aggregate


class OpenedBy(StrEnum):
    """Whose act it was to open a document. The person chose who holds their mandate: what that one opened has reached the person."""

    SELF = "self"
    MANDATE = "mandate"


class NoMore(StrEnum):
    """Why no letter of a document leaves the house any more, for good."""

    DOCUMENT_WITHDRAWN = "document-withdrawn"
    RECIPIENT_ERASED = "recipient-erased"


@dataclass(frozen=True, slots=True)
class MadeAvailable:
    """The document lies in the recipient's eSpace."""

    document: Document


@dataclass(frozen=True, slots=True)
class LetterOrdered:
    """The document is to be posted, as its last letter."""

    document: Document


@dataclass(frozen=True, slots=True)
class LeftUnread:
    """The document lies unread: the person is to be reminded, for the `reminder`th time."""

    document: Document
    reminder: int


@dataclass(kw_only=True)
class Document(Aggregate):
    """A rendered and archived document, and each try at bringing it to its recipient. Each `..._at` is a fact: set once, never changed.

    Three are none: `archived_at`, since the person puts the document away and takes it back as they like, and what is still to come.
    `channel` is eDelivery from the moment on when it lies in the eSpace, and post before. `words` are those it is found by.
    """

    insured: InsuredId
    type: DocumentType
    locale: Locale
    reference: str
    source: Source
    pdf: Pdf
    channel: Channel
    words: tuple[str, ...]
    without_login: bool = False
    deliveries: tuple[Delivery, ...] = ()
    letters: tuple[LetterId, ...] | None = None
    """Those of the deliveries, under a unique index; None without one."""
    available_at: datetime | None = None
    reminders: int = 0
    """How many reminders were raised that it lies unread."""
    unread_due_at: datetime | None = None
    """When the next step of its unread ladder is due, or looked at again; None when there is none, or none any more."""
    stuck_since: datetime | None = None
    """Since when no delivery is under way that could still reach the person; None while one is, or none is needed."""
    first_opened_at: datetime | None = None
    first_opened_by: OpenedBy | None = None
    downloaded_at: datetime | None = None
    archived_at: datetime | None = None
    withdrawn_at: datetime | None = None
    replaced_by: DocumentId | None = None
    erased_at: datetime | None = None

    @classmethod
    def delivered(cls, order: Order, pdf: Pdf, decision: Decision, ladder: Ladder) -> Self:
        """The document of this order, on its way by the channel decided. Both happen in one: no document waits without a channel."""
        document = cls(
            id=order.document,
            insured=order.recipient,
            type=order.content.type,
            locale=order.locale,
            reference=order.reference,
            source=order.source,
            pdf=pdf,
            channel=decision.rule.channel,
            words=words_to_find(pdf.title, order.reference),
            without_login=order.without_login,
        )
        document._deliver(Cause.ORDERED, decision, ladder)
        return document

    @property
    def decision(self) -> Decision:
        """The first one on its channel."""
        return self.deliveries[0].decision

    @property
    def last(self) -> Delivery:
        """The last try so far."""
        return self.deliveries[-1]

    @property
    def letter(self) -> LetterId | None:
        """The last letter; None when there was none."""
        return self.letters[-1] if self.letters else None

    def circumstances(self, recipient: Recipient, preference: Preference) -> Circumstances:
        """What the channel of one more delivery depends on."""
        return Circumstances(
            document_type=self.type,
            recipient=recipient,
            preference=preference,
            without_login=self.without_login,
            unread=self.available_at is not None,
        )

    def deliver_again(self, decision: Decision, recipient: Recipient, ladder: Ladder) -> bool:
        """Try once more to bring what is stuck. False when that is for a person to judge: so many letters were sent, or there is no other
        address than the one that a letter came back from."""
        by_post = decision.rule.channel is Channel.POST
        if self.stuck_since is None or (by_post and not self._may_arrive_at(recipient)):
            return False
        self._deliver(Cause.RETURNED if self.last.returned_at else Cause.UNREAD, decision, ladder)
        return True

    def _may_arrive_at(self, recipient: Recipient) -> bool:
        came_back = [delivery.address_revision for delivery in self.deliveries if delivery.returned_at]
        elsewhere = recipient.address_revision > max(came_back, default=-1)
        return recipient.address is not None and elsewhere and len(self.letters or ()) < MOST_LETTERS

    def _deliver(self, cause: Cause, decision: Decision, ladder: Ladder) -> None:
        self._rest()
        letter = None
        if decision.rule.channel is Channel.EDELIVERY:
            self.channel, self.available_at = Channel.EDELIVERY, decision.at
            self.unread_due_at = ladder.due_after(0, decision.at)
            self.record(MadeAvailable(self))
        else:
            letter = LetterId(uuid5(self.id, f"letter/{len(self.letters or ()) + 1}"))
            self.letters = (*(self.letters or ()), letter)
            self.record(LetterOrdered(self))
        number = len(self.deliveries) + 1
        delivery = Delivery(
            number=number, cause=cause, decision=decision, letter=letter, address_revision=decision.address_revision if letter else 0
        )
        self.deliveries = (*self.deliveries, delivery)

    def _rest(self) -> None:
        """Nothing has to be done at present to bring the document to the person."""
        self.unread_due_at = self.stuck_since = None

    def climb(self, ladder: Ladder, at: datetime) -> None:
        """The next step of the unread ladder: a reminder, or what lies there counts as stuck, so that a letter brings it."""
        if self.reminders < len(ladder.reminders):
            self.reminders += 1
            self.unread_due_at = ladder.due_after(self.reminders, at)
            self.record(LeftUnread(self, self.reminders))
        else:
            self._rest()
            self.stuck_since = at if ladder.paper is not None else None

    def wait_on_ladder(self, at: datetime) -> None:
        """Nobody is there who could read it, as the file says; the fund may correct that. The step stays due and is looked at again."""
        self.unread_due_at = at + NOBODY_THERE

    @property
    def standing(self) -> Finding:
        """Whether the fund stands by this document."""
        if self.withdrawn_at is None:
            return Finding.GENUINE
        return Finding.WITHDRAWN if self.replaced_by is None else Finding.REPLACED

    def withdraw(self, at: datetime, replaced_by: DocumentId | None) -> bool:
        """The document no longer holds; another does if `replaced_by` names it. True when it is told for the first time."""
        if self.withdrawn_at is not None:
            return False
        self.withdrawn_at, self.replaced_by = at, replaced_by
        self._rest()
        return True

    @property
    def no_more(self) -> NoMore | None:
        """Why none of its letters may be posted from now on; None when they may."""
        if self.erased_at is not None:
            return NoMore.RECIPIENT_ERASED
        return NoMore.DOCUMENT_WITHDRAWN if self.withdrawn_at is not None else None

    def erase(self, at: datetime) -> bool:
        """The recipient was erased: the file can no longer be read. What stays tells that there was such a document, of which kind, when
        and by which channel, and nothing of what it says. True when it is told for the first time."""
        if self.erased_at is not None:
            return False
        self.erased_at, self.pdf, self.words = at, replace(self.pdf, title=""), ()
        self._rest()
        return True

    @property
    def unread(self) -> bool:
        """Whether nobody opened it yet. Opening alone makes it read: no person can mark it so, since law follows from it."""
        return self.first_opened_at is None

    def note_opening(self, at: datetime, by: OpenedBy) -> bool:
        """The recipient asked for the file, or who holds their mandate did. True when it is the first time."""
        if not self.unread:
            return False
        self.first_opened_at, self.first_opened_by = at, by
        self._rest()
        return True

    def put_away(self, at: datetime) -> bool:
        """The person wants it out of their list. True when it was in it."""
        if self.archived_at is not None:
            return False
        self.archived_at = at
        return True

    def take_back(self) -> bool:
        """The person wants it in their list again. True when it was not."""
        if self.archived_at is None:
            return False
        self.archived_at = None
        return True

    def note_download(self, at: datetime) -> bool:
        """The file went out to the recipient whole. True when it is the first time."""
        if self.downloaded_at is not None:
            return False
        self.downloaded_at = at
        return True

    def note_of_letter(self, letter: LetterId, fact: Callable[[Delivery], Delivery]) -> bool:
        """Keep what became of one of its letters. True when it is told for the first time."""
        before = self.deliveries
        self.deliveries = tuple(fact(delivery) if delivery.letter == letter else delivery for delivery in before)
        return self.deliveries != before

    def note_return(self, letter: LetterId, reason: str, at: datetime) -> bool:
        """A letter came back: unless the document reached the person otherwise, it is stuck. True when it is told for the first time."""
        told = self.note_of_letter(letter, lambda delivery: delivery.returned(reason, at))
        if told and self.last.letter == letter and self.unread and not (self.withdrawn_at or self.erased_at):
            self.stuck_since = at
        return told

    def note_notice(self, notice: Notice) -> bool:
        """The person was told that it waits in the eSpace. True when it is told for the first time."""
        return self._note_in_espace(lambda delivery: delivery.noticed(notice))

    def note_bounce(self, bounce: Bounce) -> bool:
        """A notice that it waits in the eSpace came back. True when it is told for the first time."""
        return self._note_in_espace(lambda delivery: delivery.bounced(bounce))

    def _note_in_espace(self, fact: Callable[[Delivery], Delivery]) -> bool:
        before = self.deliveries
        self.deliveries = tuple(delivery if delivery.letter else fact(delivery) for delivery in before)
        return self.deliveries != before
