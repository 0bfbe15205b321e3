"""A letter on its way to the printer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from espace_contracts.vocabulary import DocumentId, DocumentType, InsuredId, LetterId, Locale, PrintRunId
from espace_kernel.aggregate import Aggregate

_LONGEST_WAIT = timedelta(hours=6)


class LetterState(StrEnum):
    """Where a letter is; POSTED and FAILED are final."""

    QUEUED = "queued"
    IN_RUN = "in_run"
    POSTED = "posted"
    FAILED = "failed"


class Failure(StrEnum):
    """Why a letter can never be posted as it is; an operator is asked to act."""

    NO_USABLE_ADDRESS = "no_usable_address"
    CONTENT_ALTERED = "content_altered"


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
    posted_at: datetime | None = None

    def is_in(self, run: UUID) -> bool:
        """Whether this run holds it and has not settled it."""
        return self.state is LetterState.IN_RUN and self.print_run == run

    def claim(self, run: UUID) -> None:
        """Take it out of the queue for one run."""
        assert self.state is LetterState.QUEUED, "only what waits is claimed"
        self.state, self.print_run = LetterState.IN_RUN, run

    def is_the_content(self, pdf: bytes) -> bool:
        """Whether these bytes are those that were rendered."""
        return len(pdf) == self.size and hashlib.sha256(pdf).hexdigest() == self.sha256

    def post(self, now: datetime) -> None:
        """Its run was handed over."""
        assert self.print_run is not None, "a letter is posted with its run"
        self.state, self.posted_at, self.problem = LetterState.POSTED, now, None
        self.record(Posted(self.insured, LetterId(self.id), self.document, PrintRunId(self.print_run), now))

    def fail(self, failure: Failure) -> None:
        """Its run found that it cannot be posted."""
        self.state, self.failure = LetterState.FAILED, failure
        self.record(Failed(self.insured, LetterId(self.id), self.document, failure))

    def back_to_queue(self, problem: str, now: datetime) -> None:
        """Its run had to leave it out; it waits for another, longer each time: 1 min, 2, 4, up to six hours."""
        self.state, self.print_run, self.problem = LetterState.QUEUED, None, problem
        self.waits_from = now + min(timedelta(minutes=2 ** min(self.runs_missed, 10)), _LONGEST_WAIT)
        self.runs_missed += 1
