"""A notice tells a person that something waits in the eSpace, and nothing about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from espace_contracts.vocabulary import InsuredId, Locale
from espace_kernel.aggregate import Aggregate

WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800))
"""After a failed try, how long until the next: ten tries in about sixteen hours."""
MOST_TRIES = len(WAITS) + 1
TRIES_WITHOUT_CONTACT = 4
"""A contact address comes by another topic than what the notice is about, so it may be some minutes late; then there is none."""
LEASE = timedelta(seconds=15)
"""How long a try belongs to the replica that began it; longer than any try lasts, so that a later one means that it died."""


class NoticeKind(StrEnum):
    """What happened, as far as a notice says it."""

    DOCUMENT_AVAILABLE = "document_available"
    PROCEDURE_TO_BE_CORRECTED = "procedure_to_be_corrected"
    EDELIVERY_CHANGED = "edelivery_changed"


class NoticeState(StrEnum):
    """Where a notice is on its way; all but WAITING are final."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NO_CONTACT = "no_contact"


@dataclass(kw_only=True)
class Notice(Aggregate):
    """One notice to one person, by e-mail. Its id derives from the event that causes it, so a repeat of the event finds it here."""

    insured: InsuredId
    kind: NoticeKind
    locale: Locale
    requested_at: datetime
    next_try_at: datetime
    state: NoticeState = NoticeState.WAITING
    attempts: int = 0
    problem: str | None = None
    """What kept the last try from succeeding: a sentence for operators."""
    sent_at: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Whether it is time to try, and no replica is trying."""
        return self.state is NoticeState.WAITING and self.next_try_at <= now

    def begin(self, now: datetime) -> None:
        """Claim a try; once saved, no other replica tries before the lease ends. Ends as FAILED when no try is left."""
        if self.attempts >= MOST_TRIES:
            self.fail("The last try ended without an answer. Look whether the mail server has the message.")
            return
        self.attempts += 1
        self.next_try_at = now + LEASE

    def has_gone(self, now: datetime) -> None:
        """The mail server took it."""
        self.state, self.sent_at, self.problem = NoticeState.SENT, now, None

    def put_off(self, problem: str, now: datetime) -> None:
        """This try failed for a reason that may pass. Ends as FAILED after the last."""
        if self.attempts >= MOST_TRIES:
            self.fail(problem)
            return
        self.problem, self.next_try_at = problem, now + WAITS[self.attempts - 1]

    def fail(self, problem: str) -> None:
        """It will never arrive."""
        self.state, self.problem = NoticeState.FAILED, problem

    def lacks_contact(self, now: datetime) -> None:
        """The person has no contact address on file. Ends as NO_CONTACT when none came within some tries."""
        self.put_off("The person has confirmed no contact address.", now)
        if self.attempts >= TRIES_WITHOUT_CONTACT:
            self.state = NoticeState.NO_CONTACT
