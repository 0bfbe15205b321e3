"""One try at bringing a document to its recipient, with the facts of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from espace_contracts.vocabulary import LetterId, NoticeMeans
from espace_documents.domain.channel import Decision

MOST_LETTERS = 3
"""So many letters of one document are ordered by themselves; whether there is any use in another one is for a person to judge."""


class Cause(StrEnum):
    """Why there is this delivery: the document was ordered, or the delivery before failed."""

    ORDERED = "ordered"
    RETURNED = "returned"
    """The letter before came back."""
    UNREAD = "unread"
    """It lay unread in the eSpace for longer than its class allows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """The person was told that the document waits. `reminder`: 0 for the first notice, n for the nth reminder."""

    id: UUID
    means: NoticeMeans
    reminder: int
    sent_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """A notice that the document waits came back for good: at once, so that it never left, or later. `reminder` as of the notice."""

    notice: UUID
    means: NoticeMeans
    reminder: int
    bounced_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """The `number`th try, 1 for the first; what failed before it is the number before. It has a letter exactly when it goes by post.

    `decision.at` is when it became available, or its letter was requested. Each `..._at` is a fact: set once, never changed. A method
    answers the delivery as it is with the fact; the same one when the fact is there already.
    """

    number: int
    cause: Cause
    decision: Decision
    letter: LetterId | None = None
    address_revision: int = 0
    """Which address of the recipient the letter goes to."""
    notices: tuple[Notice, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    posted_at: datetime | None = None
    dispatched_at: datetime | None = None
    returned_at: datetime | None = None
    return_reason: str | None = None
    failed_at: datetime | None = None
    failure: str | None = None
    called_off_at: datetime | None = None
    called_off_why: str | None = None

    def addressed(self, revision: int) -> Self:
        """The address sheet was typeset, with this address. The last sheet before the letter went is the one that was printed."""
        return self if self.posted_at or self.returned_at else replace(self, address_revision=revision)

    def noticed(self, notice: Notice) -> Self:
        """A notice left."""
        return self if notice.id in {known.id for known in self.notices} else replace(self, notices=(*self.notices, notice))

    def bounced(self, bounce: Bounce) -> Self:
        """A notice came back."""
        return self if bounce.notice in {known.notice for known in self.bounces} else replace(self, bounces=(*self.bounces, bounce))

    def posted(self, at: datetime) -> Self:
        """The letter was handed to the printer."""
        return self if self.posted_at else replace(self, posted_at=at)

    def dispatched(self, at: datetime) -> Self:
        """The printer gave the letter to the post."""
        return self if self.dispatched_at else replace(self, dispatched_at=at)

    def returned(self, reason: str, at: datetime) -> Self:
        """The post brought the letter back, for a reason by its code."""
        return self if self.returned_at else replace(self, returned_at=at, return_reason=reason)

    def failed(self, reason: str, at: datetime) -> Self:
        """The letter cannot be posted as it is, for a reason by its code. It is posted later when an operator puts it back."""
        return self if self.failed_at else replace(self, failed_at=at, failure=reason)

    def called_off(self, reason: str, at: datetime) -> Self:
        """The letter had not left yet and never will, for a reason by its code."""
        return self if self.called_off_at else replace(self, called_off_at=at, called_off_why=reason)
