"""One message on its way: tried until the mail server, or the gateway of text messages, takes it, by one replica at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from espace_contracts.vocabulary import InsuredId, Locale, NoticeMeans
from espace_kernel.aggregate import Aggregate

LEASE = timedelta(seconds=15)
"""How long a try belongs to the replica that began it; longer than any try lasts, so that a later one means that it died."""


class MailingState(StrEnum):
    """Where a message is on its way; all but WAITING are final.

    NO_CONTACT and UNREACHABLE are so until a contact is confirmed, BOUNCED may come after SENT.
    """

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    NO_CONTACT = "no_contact"
    UNREACHABLE = "unreachable"
    """Nobody reads what is sent to the contact: an earlier notice came back, so this one is not sent."""
    BOUNCED = "bounced"
    """Nobody reads what is sent to the contact: this one came back."""
    EXPIRED = "expired"


@dataclass(kw_only=True)
class Mailing(Aggregate, ABC):
    """One message to one person. Its id derives from the event that causes it, so a repeat of the event finds it here."""

    waits: ClassVar[tuple[timedelta, ...]]
    """After a failed try, how long until the next; after the last of them there is one more try."""

    insured: InsuredId
    locale: Locale
    requested_at: datetime
    next_try_at: datetime
    means: NoticeMeans = NoticeMeans.EMAIL
    state: MailingState = MailingState.WAITING
    attempts: int = 0
    problem: str | None = None
    """What kept the last try from succeeding: a sentence for operators."""
    sent_at: datetime | None = None

    @property
    @abstractmethod
    def called(self) -> str:
        """What it is, for operators, without a word about the person."""

    def due(self, now: datetime) -> bool:
        """Whether it is time to try, and no replica is trying."""
        return self.state is MailingState.WAITING and self.next_try_at <= now

    def wait_until(self, hour: datetime) -> None:
        """It is not the hour for it, which costs no try."""
        self.next_try_at = hour

    def begin(self, now: datetime) -> None:
        """Claim a try; once saved, no other replica tries before the lease ends. Ends as FAILED when no try is left."""
        if self._was_the_last_try:
            self.fail("The last try ended without an answer. Look whether the mail server or the gateway has the message.")
            return
        self.attempts += 1
        self.next_try_at = now + LEASE

    def has_gone(self, now: datetime) -> None:
        """It was taken."""
        self.end(MailingState.SENT)
        self.sent_at = now

    def put_off(self, problem: str, now: datetime) -> None:
        """This try failed for a reason that may pass. Ends as FAILED after the last."""
        if self._was_the_last_try:
            self.fail(problem)
            return
        self.problem, self.next_try_at = problem, now + self.waits[self.attempts - 1]

    def fail(self, problem: str) -> None:
        """It will never arrive."""
        self.end(MailingState.FAILED, problem)

    def end(self, state: MailingState, problem: str | None = None) -> None:
        """Nothing more is to be tried."""
        self.state, self.problem = state, problem

    @property
    def _was_the_last_try(self) -> bool:
        return self.attempts > len(self.waits)
