"""A notice tells a person that something waits in the eSpace, and nothing about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from espace_notifications.domain.mailing import Mailing, MailingState

NEWS_FOR = timedelta(hours=1)
"""How long a notice waits for a first contact address; whoever confirms one later has been in the eSpace, and saw what waited there."""


class NoticeKind(StrEnum):
    """What happened, as far as a notice says it."""

    DOCUMENT_AVAILABLE = "document_available"
    PROCEDURE_TO_BE_CORRECTED = "procedure_to_be_corrected"
    MESSAGE_RECEIVED = "message_received"
    DRAFT_EXPIRING = "draft_expiring"
    EDELIVERY_CHANGED = "edelivery_changed"


@dataclass(kw_only=True)
class Notice(Mailing):
    """One notice, to the contact address that the person confirmed. It is tried ten times in about sixteen hours."""

    waits: ClassVar[tuple[timedelta, ...]] = tuple(
        timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800)
    )

    kind: NoticeKind

    @property
    def called(self) -> str:
        """Its kind."""
        return self.kind

    def lacks_contact(self) -> None:
        """The person has confirmed no contact address. Nothing is tried until they do."""
        self.end(MailingState.NO_CONTACT, "The person has confirmed no contact address.")

    def has_contact(self, now: datetime) -> bool:
        """The person confirmed a contact address. True when the notice is to be saved: it will be tried.

        Saving one that is WAITING makes a try that found no address, and is about to say so, lose against this; it is tried again.
        """
        if self.state is MailingState.NO_CONTACT and now - self.requested_at <= NEWS_FOR:
            self.state, self.next_try_at = MailingState.WAITING, now
        return self.state is MailingState.WAITING
