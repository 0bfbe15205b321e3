"""What the absences take from work, day by day: each day counts once, and never more than its minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from espace_records.domain.leave.child_leave import ChildLeave, LeaveKind, LeaveStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """Minutes of one day that count as one kind of leave in one status."""

    day: date
    kind: LeaveKind
    status: LeaveStatus
    minutes: int


_ORDER = tuple((status, kind) for status in (LeaveStatus.ACCEPTED, LeaveStatus.DECLARED) for kind in LeaveKind)
"""Where absences overlap, what the fund accepted comes before what is only declared, and the pool before the other counters.
Then no further absence can ever give days of the pool back."""


def taken_for(child: ChildLeave) -> Iterator[Taken]:
    """Every working day with an absence that the fund has not refused, in order."""
    wanted: dict[date, dict[tuple[LeaveStatus, LeaveKind], int]] = defaultdict(lambda: defaultdict(int))
    for absence in child.absences:
        for day in absence.working_days:
            wanted[day][absence.status, absence.kind] += absence.minutes_a_day or child.minutes_of_a_day
    for day in sorted(wanted):
        left = child.minutes_of_a_day
        for status, kind in _ORDER:
            if minutes := min(left, wanted[day][status, kind]):
                left -= minutes
                yield Taken(day=day, kind=kind, status=status, minutes=minutes)
