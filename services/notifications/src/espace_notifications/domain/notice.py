"""A notice tells a person that something waits in the eSpace, and nothing about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID, uuid5

from espace_contracts.vocabulary import DocumentId, InsuredId, NoticeMeans
from espace_notifications.domain.mailing import Mailing, MailingState

NEWS_FOR = timedelta(hours=1)
"""How long a notice waits for a first contact address; whoever confirms one later has been in the eSpace, and saw what waited there."""


class NoticeKind(StrEnum):
    """What happened, as far as a notice says it."""

    DOCUMENT_AVAILABLE = "document_available"
    DOCUMENT_UNREAD = "document_unread"
    PROCEDURE_TO_BE_CORRECTED = "procedure_to_be_corrected"
    MESSAGE_RECEIVED = "message_received"
    DRAFT_EXPIRING = "draft_expiring"
    EDELIVERY_CHANGED = "edelivery_changed"


@dataclass(frozen=True)
class Sent:
    """A notice about a document left."""

    insured: InsuredId
    notice: UUID
    document: DocumentId
    means: NoticeMeans
    reminder: int
    at: datetime


@dataclass(frozen=True)
class Bounced:
    """A notice came back for good from the contact of this revision. `document`: None when it was about something else."""

    insured: InsuredId
    notice: UUID
    document: DocumentId | None
    means: NoticeMeans
    reminder: int
    contact_revision: int
    at: datetime


@dataclass(kw_only=True)
class Notice(Mailing):
    """One notice, to the contact that the person confirmed. It is tried ten times in about sixteen hours, quiet hours aside."""

    waits: ClassVar[tuple[timedelta, ...]] = tuple(
        timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800)
    )

    kind: NoticeKind
    document: DocumentId | None = None
    """The document that it is about, which it does not name."""
    reminder: int = 0
    """Of notices about an unread document, the how manieth; 0 for the first notice that it is there."""
    also_by_sms: bool = False
    """Whether the person is told by text message too, as was decided when this notice was stored."""
    contact_revision: int = 0
    """Which confirmed contact it was last handed over for."""

    @property
    def called(self) -> str:
        """Its kind."""
        return self.kind

    def by_sms(self) -> Self:
        """The same notice as a text message."""
        return replace(self, id=uuid5(self.id, "sms"), version=0, means=NoticeMeans.SMS, also_by_sms=False)

    def lacks_contact(self) -> None:
        """The person has confirmed no contact. Nothing is tried until they do."""
        self.end(MailingState.NO_CONTACT, "The person has confirmed no contact address.")

    def is_unreachable(self) -> None:
        """An earlier notice came back from the contact. Nothing is tried until the person confirms one."""
        self.end(MailingState.UNREACHABLE, "An earlier notice came back. Nothing is sent until the person confirms a contact.")

    def has_contact(self, now: datetime) -> bool:
        """The person confirmed a contact. True when the notice is to be saved: it will be tried.

        Saving one that is WAITING makes a try that found no contact, and is about to say so, lose against this; it is tried again.
        """
        if self.state in {MailingState.NO_CONTACT, MailingState.UNREACHABLE} and now - self.requested_at <= NEWS_FOR:
            self.state, self.next_try_at = MailingState.WAITING, now
        return self.state is MailingState.WAITING

    def has_gone(self, now: datetime) -> None:
        """It was taken."""
        super().has_gone(now)
        if self.document is not None:
            self.record(Sent(self.insured, self.id, self.document, self.means, self.reminder, now))

    def bounce(self, now: datetime) -> bool:
        """It came back for good, at once or after it had gone, perhaps unseen. False when that is known, or when it was never tried."""
        if self.state not in {MailingState.WAITING, MailingState.SENT, MailingState.FAILED}:
            return False
        self.end(MailingState.BOUNCED, "Nobody reads what is sent to this contact. Have the person confirm another one.")
        self.record(Bounced(self.insured, self.id, self.document, self.means, self.reminder, self.contact_revision, now))
        return True
