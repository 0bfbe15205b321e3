"""What the fund knows of an insured person's leave for family reasons: facts, no balance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from espace_kernel.aggregate import Aggregate


class LeaveKind(StrEnum):
    """What an absence counts against."""

    ORDINARY = "ordinary"
    EXTENSION = "extension"
    ISOLATION = "isolation"


class LeaveStatus(StrEnum):
    """What the fund made of a declared absence."""

    DECLARED = "declared"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Period:
    """Days from the first to the last, both included; `last_day` is None while it goes on."""

    first_day: date
    last_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Absence:
    """One absence for a child; `minutes_a_day` of each working day, None for whole days."""

    id: UUID
    first_day: date
    last_day: date
    kind: LeaveKind = LeaveKind.ORDINARY
    status: LeaveStatus = LeaveStatus.ACCEPTED
    minutes_a_day: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChildLeave:
    """What concerns one child. `minutes_of_a_day` is the parent's contractual working day."""

    child: UUID
    given_name: str
    date_of_birth: date
    minutes_of_a_day: int
    special_allowance: tuple[Period, ...] = ()
    hospital_stays: tuple[Period, ...] = ()
    absences: tuple[Absence, ...] = ()
    other_parents_days: tuple[date, ...] = ()


@dataclass(frozen=True)
class LeaveOnFile:
    """This is the leave from now on."""

    insured: UUID
    revision: int
    children: tuple[ChildLeave, ...]


@dataclass(kw_only=True)
class Leave(Aggregate):
    """The leave of one insured person, whose insured id is its id. `revision` counts its changes."""

    children: tuple[ChildLeave, ...] = ()
    revision: int = 0

    def consist_of(self, children: tuple[ChildLeave, ...]) -> None:
        """Put the whole leave on file, in place of what was there."""
        self.children = children
        self.revision += 1
        self.record(LeaveOnFile(self.id, self.revision, children))
