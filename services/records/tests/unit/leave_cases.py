"""A child's leave as the tables of cases write it: days are ISO texts, a day is 480 minutes, all absences are accepted whole days."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from espace_contracts.vocabulary import InsuredId
from espace_records.domain.leave.age_band import AgeBand
from espace_records.domain.leave.balance import BandBalance, ChildBalance, balances
from espace_records.domain.leave.child_leave import Absence, ChildLeave, FamilyLeave, LeaveKind, LeaveStatus, Period

DAY = 480


def day(text: str) -> date:
    return date.fromisoformat(text)


def absence(first: str, last: str | None = None, **changed: Any) -> Absence:
    usual = {"id": uuid4(), "kind": LeaveKind.ORDINARY, "status": LeaveStatus.ACCEPTED, "minutes_a_day": None}
    return Absence(first_day=day(first), last_day=day(last or first), **(usual | changed))


def period(first: str, last: str | None = None) -> Period:
    return Period(first_day=day(first), last_day=day(last) if last else None)


def child(born: str, *absences: Absence, **changed: Any) -> ChildLeave:
    usual: dict[str, Any] = {
        "child": InsuredId(UUID(int=1)),
        "given_name": "Mia",
        "minutes_of_a_day": DAY,
        "special_allowance": (),
        "hospital_stays": (),
        "other_parents_days": (),
    }
    return ChildLeave(date_of_birth=day(born), absences=absences, **(usual | changed))


def balance(of: ChildLeave, on: str) -> ChildBalance:
    (only,) = balances(FamilyLeave(children=(of,)), day(on))
    return only


def band(of: ChildBalance, wanted: AgeBand) -> BandBalance:
    return next(found for found in of.bands if found.band is wanted)
