"""A print run: the letters handed to the printer together, each in exactly one run.

How a run survives a crash at any line, and two replicas working on it at once:

- Its candidates are written with it, each with the version it had in the queue. A letter is claimed from that version alone, so a run that
  was left behind for a while can never take a letter that has moved on.
- Every attempt assembles in a folder of its own, named by the attempt. Sealing writes, in one compare-and-set of the run, which attempt is
  the one, which letters are in it and what becomes of the others. What another attempt left behind is refuse.
- Handing over is one rename of the sealed folder. A run that lies in `ready`, or that the printer has put into `taken`, has been handed
  over; so after a crash nothing is ever assembled or handed over again. If what lies there holds other letters, or a run lies there that
  is not known here, the store was restored from an older state. Then the run is in doubt: no letter of it moves until an operator has
  settled by what lies there what was handed over.
- A cut-off has one run, whose id derives from the cut-off: whoever forms it, and however late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from espace_kernel.aggregate import Aggregate
from espace_notifications.domain.letter import CallOff, Failure, Letter

LEASE = timedelta(seconds=10)
"""How long an attempt belongs to the replica that began it; it renews the lease while it works."""
LONGEST_CALL = timedelta(seconds=8)
"""How long handing one file to the printer may take: the lease lasts over it, or replicas would take a run from each other for ever."""
_LONGEST_WAIT = timedelta(seconds=60)
_RUNS_OF_CUT_OFFS = UUID("5f0c2b3a-6a0e-4d0d-9f5e-1c3f5b7a9d21")


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
    country: str | None = None
    """ISO 3166-1 alpha-2; None in runs sealed before countries were noted."""


@dataclass(frozen=True)
class LeftOut:
    """A letter that a run does not print: it is held when `failure` is set, stays in the house for good when `called_off` is, and goes
    back to the queue otherwise."""

    letter: UUID
    problem: str
    failure: Failure | None = None
    called_off: CallOff | None = None


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
    cut_off: datetime | None = None
    state: RunState = RunState.ASSEMBLING
    attempts: int = 0
    problem: str | None = None
    sealed_attempt: int | None = None
    letters: tuple[PrintedLetter, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    handed_over_at: datetime | None = None
    in_doubt_since: datetime | None = None
    """Since when it is known that the printer has other letters under its name, or runs that are not known here."""

    @classmethod
    def of(cls, letters: Sequence[Letter], now: datetime) -> PrintRun:
        """A run of these letters. Its id derives from the first, so that replicas that close the same queue make the same run."""
        first = letters[0]
        return cls(id=uuid5(first.id, f"print-run/{first.version}"), candidates=_as_they_lie(letters), created_at=now, next_try_at=now)

    @classmethod
    def at(cls, cut_off: datetime, part: int, letters: Sequence[Letter], now: datetime) -> PrintRun:
        """The run of a cut-off, or the nth of those that its letters fill."""
        return cls(id=cls.id_at(cut_off, part), candidates=_as_they_lie(letters), created_at=now, next_try_at=now, cut_off=cut_off)

    @classmethod
    def found(cls, run_id: UUID, folder: Sequence[PrintedLetter], created_at: datetime, cut_off: datetime | None) -> PrintRun:
        """A run that was lost here, of the letters in its folder at the printer's. It is due."""
        return cls(
            id=run_id, candidates=(), created_at=created_at, next_try_at=created_at, cut_off=cut_off, state=RunState.SEALED,
            letters=tuple(folder),
        )  # fmt: skip

    @staticmethod
    def id_at(cut_off: datetime, part: int) -> UUID:
        """The id of a cut-off's nth run; `cut_off` in UTC."""
        return uuid5(_RUNS_OF_CUT_OFFS, f"{cut_off.isoformat()}/{part}")

    def left_others_waiting(self, most: int) -> bool:
        """Whether it was full, and has taken what is its out of the queue, so that others can follow it."""
        return len(self.candidates) >= most and self.state is not RunState.ASSEMBLING

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
        """Keep the lease while at work. True when less of it is left than a call to the printer may take, and the run wants to be saved."""
        if self.next_try_at - now > LONGEST_CALL:
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

    def unseal(self, now: datetime) -> None:
        """What was sealed is lost, or holds a letter too much, and has not left: the next attempt begins with what letters it still has."""
        assert self.state is RunState.SEALED, "what was handed over is never assembled again"
        self.state, self.sealed_attempt, self.letters, self.left_out, self.next_try_at = RunState.ASSEMBLING, None, (), (), now
        self.in_doubt_since = None

    def doubt(self, now: datetime) -> None:
        """What lies under its name at the printer's is not what was sealed."""
        self.in_doubt_since = self.in_doubt_since or now

    def settle_by(self, folder: Sequence[PrintedLetter], now: datetime) -> None:
        """What lies at the printer's is what was handed over; a letter that does not lie there waits for another run."""
        there = {printed.letter for printed in folder}
        missing = [
            LeftOut(printed.letter, "The folder of the run at the printer's does not hold the letter.")
            for printed in self.letters
            if printed.letter not in there
        ]
        self.left_out = (*(left for left in self.left_out if left.letter not in there), *missing)
        self.letters, self.in_doubt_since, self.next_try_at = tuple(folder), None, now

    def is_done(self, now: datetime) -> None:
        """It was handed over and each of its letters settled."""
        self.state, self.handed_over_at, self.in_doubt_since = RunState.HANDED_OVER, now, None


def _as_they_lie(letters: Sequence[Letter]) -> tuple[Candidate, ...]:
    return tuple(Candidate(letter.id, letter.version) for letter in letters)
