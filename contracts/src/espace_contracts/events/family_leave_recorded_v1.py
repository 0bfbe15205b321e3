from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import PERSONS
from espace_contracts.vocabulary import InsuredId, Value


class LeaveKind(StrEnum):
    """What an absence counts against: the pool of the child's age, or a counter of its own."""

    ORDINARY = "ordinary"
    EXTENSION = "extension"
    ISOLATION = "isolation"


class LeaveStatus(StrEnum):
    """What the fund has made of a declared absence."""

    DECLARED = "declared"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Period(Value):
    """Days from the first to the last, both included."""

    first_day: date
    last_day: date | None = Field(description="None while it goes on")


class LeaveAbsence(Value):
    """One declared absence of the insured person for the child."""

    id: UUID
    first_day: date
    last_day: date
    kind: LeaveKind
    status: LeaveStatus
    minutes_a_day: int | None = Field(ge=1, description="minutes taken of each working day; None for whole days")


class ChildLeave(Value):
    """All that decides on the leave an insured person may still take for one child."""

    child: InsuredId
    given_name: str
    date_of_birth: date
    minutes_of_a_day: int = Field(ge=1, le=1440, description="the insured person's contractual working day, in minutes")
    special_allowance: tuple[Period, ...] = Field(description="while the child receives the special supplementary allowance")
    hospital_stays: tuple[Period, ...]
    absences: tuple[LeaveAbsence, ...]
    other_parents_days: tuple[date, ...] = Field(description="days on which the other parent took leave for this child")


class FamilyLeaveRecorded(Event, type="lu.cns.persons.family_leave.recorded.v1", topic=PERSONS, subject="insured"):
    """An insured person's leave for family reasons as the fund knows it now, whole. A reader keeps the highest revision."""

    revision: int = Field(ge=1, description="counts up with each change of this person's leave")
    children: tuple[ChildLeave, ...]
