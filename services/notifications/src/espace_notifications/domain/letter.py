"""A letter on its way to the printer, and what the printer tells of it afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from espace_contracts.vocabulary import DocumentId, DocumentType, InsuredId, LetterId, Locale, PrintRunId
from espace_kernel.aggregate import Aggregate

_LONGEST_WAIT = timedelta(hours=6)


class LetterState(StrEnum):
    """Where a letter is."""

    QUEUED = "queued"
    IN_RUN = "in_run"
    POSTED = "posted"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    FAILED = "failed"
    CALLED_OFF = "called_off"


MOVES: Mapping[LetterState, frozenset[LetterState]] = {
    LetterState.QUEUED: frozenset({LetterState.IN_RUN}),
    LetterState.IN_RUN: frozenset({LetterState.POSTED, LetterState.FAILED, LetterState.QUEUED, LetterState.CALLED_OFF}),
    LetterState.FAILED: frozenset({LetterState.QUEUED, LetterState.CALLED_OFF}),
    LetterState.POSTED: frozenset({LetterState.DISPATCHED, LetterState.RETURNED}),
    LetterState.DISPATCHED: frozenset({LetterState.RETURNED}),
    LetterState.RETURNED: frozenset(),
    LetterState.CALLED_OFF: frozenset(),
}
"""Where a letter may go from where it is. None that was posted ever comes back to the queue: what is printed is printed."""


class Failure(StrEnum):
    """Why a letter cannot be posted as it is: it is held until an operator acts."""

    NO_USABLE_ADDRESS = "no_usable_address"
    CONTENT_ALTERED = "content_altered"


class CallOff(StrEnum):
    """Why a letter that has not left never will, as documents says."""

    DOCUMENT_WITHDRAWN = "document_withdrawn"
    RECIPIENT_ERASED = "recipient_erased"


class ReturnReason(StrEnum):
    """What the post wrote on a letter that it brought back."""

    UNKNOWN_ADDRESSEE = "unknown_addressee"
    MOVED = "moved"
    INSUFFICIENT_ADDRESS = "insufficient_address"
    REFUSED = "refused"
    UNCLAIMED = "unclaimed"


@dataclass(frozen=True)
class Posted:
    """The letter was handed to the printer."""

    insured: InsuredId
    letter: LetterId
    document: DocumentId
    print_run: PrintRunId
    at: datetime


@dataclass(frozen=True)
class Failed:
    """The letter cannot be posted."""

    insured: InsuredId
    letter: LetterId
    document: DocumentId
    failure: Failure


@dataclass(frozen=True)
class CalledOff:
    """The letter stays in the house, for good."""

    insured: InsuredId
    letter: LetterId
    document: DocumentId
    why: CallOff
    at: datetime


@dataclass(frozen=True)
class Dispatched:
    """The printer gave the letter to the post."""

    insured: InsuredId
    letter: LetterId
    document: DocumentId
    print_run: PrintRunId
    at: datetime


@dataclass(frozen=True)
class Returned:
    """The post brought the letter back."""

    insured: InsuredId
    letter: LetterId
    document: DocumentId
    reason: ReturnReason
    at: datetime


class AnswerWrong(Exception):
    """What the printer tells of a letter cannot be true. Its sentence names the letter by its id alone."""


@dataclass(kw_only=True)
class Letter(Aggregate):
    """One delivery of one document by post. Its id is the one documents gave it, so a repeated request finds it here.

    `sha256` and `size` (bytes) are those of the PDF when it was rendered; nothing else is ever printed.
    """

    insured: InsuredId
    document: DocumentId
    document_type: DocumentType
    locale: Locale
    pages: int
    sha256: str
    size: int
    requested_at: datetime
    waits_from: datetime
    """From when on it waits in the queue: when it was requested, or later when a run left it out."""
    state: LetterState = LetterState.QUEUED
    print_run: UUID | None = None
    runs_missed: int = 0
    problem: str | None = None
    """Why the last run left it out: a sentence for operators."""
    failure: Failure | None = None
    held_since: datetime | None = None
    failure_told: bool = False
    called_off: CallOff | None = None
    called_off_at: datetime | None = None
    posted_at: datetime | None = None
    dispatched_at: datetime | None = None
    returned_at: datetime | None = None
    return_reason: ReturnReason | None = None

    def is_in(self, run: UUID) -> bool:
        """Whether this run holds it and has not settled it."""
        return self.state is LetterState.IN_RUN and self.print_run == run

    def claim(self, run: UUID) -> None:
        """Take it out of the queue for one run."""
        self._move(LetterState.IN_RUN)
        self.print_run = run

    def is_the_content(self, pdf: bytes) -> bool:
        """Whether these bytes are those that were rendered."""
        return len(pdf) == self.size and hashlib.sha256(pdf).hexdigest() == self.sha256

    def post(self, now: datetime) -> None:
        """Its run was handed over."""
        self._move(LetterState.POSTED)
        self.posted_at, self.problem = now, None
        self.record(Posted(self.insured, LetterId(self.id), self.document, self._run, now))

    def fail(self, failure: Failure, problem: str, now: datetime) -> None:
        """Its run found that it cannot be posted: it is held. Told the first time only."""
        self._move(LetterState.FAILED)
        self.failure, self.problem, self.held_since = failure, problem, now
        if not self.failure_told:
            self.failure_told = True
            self.record(Failed(self.insured, LetterId(self.id), self.document, failure))

    def call_off(self, why: CallOff, problem: str, now: datetime) -> None:
        """It is not to be posted any more: nothing is printed, and nobody has to act."""
        self._move(LetterState.CALLED_OFF)
        self.called_off, self.called_off_at, self.problem = why, now, problem
        self.failure = self.held_since = None
        self.record(CalledOff(self.insured, LetterId(self.id), self.document, why, now))

    def requeue(self, now: datetime) -> bool:
        """What held it was mended. False, and nothing changes, when it is not held."""
        if self.state is not LetterState.FAILED:
            return False
        self._move(LetterState.QUEUED)
        self.print_run = self.failure = self.held_since = self.problem = None
        self.waits_from = now
        return True

    def back_to_queue(self, problem: str, now: datetime) -> None:
        """Its run had to leave it out; it waits for another, longer each time: 10 s, 20, 40, up to six hours."""
        self._move(LetterState.QUEUED)
        self.print_run, self.problem = None, problem
        self.waits_from = now + min(timedelta(seconds=10 * 2 ** min(self.runs_missed, 12)), _LONGEST_WAIT)
        self.runs_missed += 1

    def was_dispatched(self, at: datetime) -> bool:
        """The printer gave it to the post. False when it is known; it may be told after the return. Raises AnswerWrong."""
        self._must_be_at_the_printers()
        if self.dispatched_at is not None:
            return self._repeats(at == self.dispatched_at, "dispatched at another time")
        if self.returned_at is not None and at > self.returned_at:
            raise AnswerWrong(f"Letter {self.id} was told as returned before this dispatch.")
        if self.state is LetterState.POSTED:
            self._move(LetterState.DISPATCHED)
        self.dispatched_at = at
        self.record(Dispatched(self.insured, LetterId(self.id), self.document, self._run, at))
        return True

    def came_back(self, reason: ReturnReason, at: datetime) -> bool:
        """The post brought it back, which proves its dispatch though nobody told that. False when it is known. Raises AnswerWrong."""
        self._must_be_at_the_printers()
        if self.returned_at is not None:
            return self._repeats((reason, at) == (self.return_reason, self.returned_at), "returned at another time or for another reason")
        if self.dispatched_at is not None and at < self.dispatched_at:
            raise AnswerWrong(f"Letter {self.id} cannot have come back before it was dispatched.")
        self._move(LetterState.RETURNED)
        self.returned_at, self.return_reason = at, reason
        self.record(Returned(self.insured, LetterId(self.id), self.document, reason, at))
        return True

    @property
    def _run(self) -> PrintRunId:
        assert self.print_run is not None, "what was handed over has its run"
        return PrintRunId(self.print_run)

    def _must_be_at_the_printers(self) -> None:
        if self.posted_at is None:
            raise AnswerWrong(f"Letter {self.id} was not handed over.")

    def _repeats(self, same: bool, otherwise: str) -> bool:
        if not same:
            raise AnswerWrong(f"Letter {self.id} was told as {otherwise} before; the first word holds.")
        return False

    def _move(self, to: LetterState) -> None:
        assert to in MOVES[self.state], f"a letter that is {self.state} does not become {to}"
        self.state = to
