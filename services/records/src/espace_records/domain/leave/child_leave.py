"""What the fund knows of a person's leave for family reasons: the facts, from which the balance is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_kernel.outcomes import NeverWorks
from espace_records.domain.calendar import is_working_day

_LONGEST = timedelta(weeks=104)
"""The longest period the law speaks of: extensions are counted within 104 weeks. A longer absence is a slip of the pen."""


class LeaveKind(StrEnum):
    """What an absence counts against: the pool of the child's age, or a counter of its own."""

    ORDINARY = "ordinary"
    ISOLATION = "isolation"
    EXTENSION = "extension"


class LeaveStatus(StrEnum):
    """What the fund has made of a declared absence."""

    ACCEPTED = "accepted"
    DECLARED = "declared"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """Days from the first to the last, both included; without a last one it goes on."""

    first_day: date
    last_day: date | None

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """One declared absence for one child; `minutes_a_day` of each working day, None for whole days."""

    id: UUID
    first_day: date
    last_day: date
    kind: LeaveKind
    status: LeaveStatus
    minutes_a_day: int | None

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.last_day - self.first_day < _LONGEST:
            raise NeverWorks("An absence ends before it begins, or lasts longer than 104 weeks. Have the fund correct its days.")

    @property
    def working_days(self) -> Iterator[date]:
        """The days it takes from work."""
        days = (self.first_day + timedelta(days=passed) for passed in range((self.last_day - self.first_day).days + 1))
        return filter(is_working_day, days)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildLeave:
    """All that decides on the leave for one child. `minutes_of_a_day` is the parent's contractual working day."""

    child: InsuredId
    given_name: str
    date_of_birth: date
    minutes_of_a_day: int
    special_allowance: tuple[Period, ...]
    """While the child receives the special supplementary allowance."""
    hospital_stays: tuple[Period, ...]
    absences: tuple[Absence, ...]
    other_parents_days: tuple[date, ...]
    """Days on which the other parent took leave for this child."""

    def receives_allowance_on(self, day: date) -> bool:
        """Whether the special supplementary allowance covers that day, granted in time or afterwards."""
        return any(day in period for period in self.special_allowance)

    def is_in_hospital_on(self, day: date) -> bool:
        """Whether that day belongs to a hospital stay; the days of arrival and departure do."""
        return any(day in stay for stay in self.hospital_stays)


@dataclass(frozen=True, kw_only=True, slots=True)
class FamilyLeave:
    """A person's leave for all their children."""

    children: tuple[ChildLeave, ...]
