"""A print run: the letters handed to the printer together, each in exactly one run.

How a run survives a crash at any line, and two replicas working on it at once:

- Its candidates are written with it, each with the version it had in the queue. A letter is claimed from that version alone, so a run that
  was left behind for a while can never take a letter that has moved on.
- Every attempt assembles in a folder of its own, named by the attempt. Sealing writes, in one compare-and-set of the run, which attempt is
  the one, which letters are in it and what becomes of the others. What another attempt left behind is refuse.
- Handing over is one rename of the sealed folder. A sealed folder that is no longer there has been handed over, whatever the printer did
  with it since; so after a crash nothing is ever assembled or handed over again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from espace_kernel.aggregate import Aggregate
from espace_notifications.domain.letter import Failure, Letter

LEASE = timedelta(seconds=10)
"""How long an attempt belongs to the replica that began it; it renews the lease while it works."""
_LONGEST_WAIT = timedelta(seconds=60)


class RunState(StrEnum):
    """How far a run is."""

    ASSEMBLING = "assembling"
    SEALED = "sealed"
    HANDED_OVER = "handed_over"


@dataclass(frozen=True)
class Candidate:
    """A letter as it lay in the queue when the run was formed."""

    letter: UUID
    version: int


@dataclass(frozen=True)
class PrintedLetter:
    """A letter in a run: what the manifest tells the printer. Files are names in the run's folder, `size` is in bytes."""

    position: int
    letter: UUID
    file: str
    sha256: str
    size: int
    pages: int
    address_sheet: str
    address_sheet_sha256: str


@dataclass(frozen=True)
class LeftOut:
    """A letter that a run does not print: for good when `failure` is set, otherwise it goes back to the queue."""

    letter: UUID
    problem: str
    failure: Failure | None = None


@dataclass(frozen=True)
class Assembly:
    """One attempt's folder."""

    run: UUID
    attempt: int


@dataclass(kw_only=True)
class PrintRun(Aggregate):
    """See the module. `attempts` counts the times a replica took it up; `problem` is why the last one got no further."""

    candidates: tuple[Candidate, ...]
    created_at: datetime
    next_try_at: datetime
    state: RunState = RunState.ASSEMBLING
    attempts: int = 0
    problem: str | None = None
    sealed_attempt: int | None = None
    letters: tuple[PrintedLetter, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    handed_over_at: datetime | None = None

    @classmethod
    def of(cls, letters: Sequence[Letter], now: datetime) -> PrintRun:
        """A run of these letters. Its id derives from the first, so that replicas that close the same queue make the same run."""
        candidates = tuple(Candidate(letter.id, letter.version) for letter in letters)
        first = candidates[0]
        return cls(id=uuid5(first.letter, f"print-run/{first.version}"), candidates=candidates, created_at=now, next_try_at=now)

    @property
    def assembly(self) -> Assembly:
        """The folder of the sealed attempt, or of this one when none is sealed."""
        return Assembly(self.id, self.sealed_attempt or self.attempts)

    def due(self, now: datetime) -> bool:
        """Whether there is something to do, and no replica is doing it."""
        return self.state is not RunState.HANDED_OVER and self.next_try_at <= now

    def begin(self, now: datetime) -> None:
        """Take it up; once saved, no other replica does before the lease ends."""
        self.attempts += 1
        self.next_try_at = now + LEASE

    def renew(self, now: datetime) -> bool:
        """Keep the lease while at work. True when half of it was over, and the run wants to be saved."""
        if self.next_try_at - now > LEASE / 2:
            return False
        self.next_try_at = now + LEASE
        return True

    def put_off(self, problem: str, now: datetime) -> None:
        """Nothing can be done now: 2 s, 4, 8, up to a minute until the next attempt, and no bound, since it is no letter's fault."""
        self.problem, self.next_try_at = problem, now + min(timedelta(seconds=2 ** min(self.attempts, 10)), _LONGEST_WAIT)

    def seal(self, letters: Sequence[PrintedLetter], left_out: Sequence[LeftOut]) -> None:
        """This attempt is the one: what is written now about each letter is what happens to it."""
        assert self.state is RunState.ASSEMBLING, "a run is sealed once"
        self.state, self.problem, self.sealed_attempt = RunState.SEALED, None, self.attempts
        self.letters, self.left_out = tuple(letters), tuple(left_out)

    def is_done(self, now: datetime) -> None:
        """It was handed over and each of its letters settled."""
        self.state, self.handed_over_at = RunState.HANDED_OVER, now
