"""How much leave for family reasons is left for each child. All amounts are minutes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from espace_records.domain.leave.age_band import AgeBand
from espace_records.domain.leave.child_leave import ChildLeave, FamilyLeave, LeaveKind, LeaveStatus
from espace_records.domain.leave.entitlement import Entitlement, Rule, entitlement_on
from espace_records.domain.leave.taken import Taken, taken_for


class BandState(StrEnum):
    """Where a band lies, seen from a day."""

    OVER = "over"
    CURRENT = "current"
    TO_COME = "to_come"


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """Minutes that the fund accepted, and minutes that are declared and wait for the fund."""

    accepted: int
    pending: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BandBalance:
    """The pool of one age band. What is left of it lapses when the band is over."""

    band: AgeBand
    first_day: date
    last_day: date | None
    """By age; None while the special supplementary allowance carries the band beyond 18."""
    state: BandState
    entitlement: int
    """As of the day asked for; of a band that is over, as of its last day; of one to come, as of its first."""
    used: Used
    remaining: int
    lapsed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ChildBalance:
    """The leave for one child as it stands on a day."""

    child: ChildLeave
    rule: Rule
    usable: int
    """What could be taken on that very day: nothing while the rule of the day does not allow it."""
    bands: tuple[BandBalance, ...]
    extension: Used
    isolation: Used
    uncovered: Used
    """Ordinary leave on days that no pool covers, such as a day out of hospital from 13 on."""
    conflicts: tuple[date, ...]
    """Days on which the other parent took leave for the child as well: both have the right, but not at the same time."""
    shared_days: tuple[date, ...]
    """Days with leave for another child as well; they count for each child, since each has a pool of its own."""


def balances(leave: FamilyLeave, on: date) -> tuple[ChildBalance, ...]:
    """Each child's balance on that day. Every absence on file counts, later ones too: what is granted can be taken only once."""
    days = {child.child: tuple(taken_for(child)) for child in leave.children}
    children_by_day = Counter(day for taken in days.values() for day in {part.day for part in taken})
    shared = {day for day, children in children_by_day.items() if children > 1}
    return tuple(_balance(child, days[child.child], shared, on) for child in leave.children)


def _balance(child: ChildLeave, taken: tuple[Taken, ...], shared: set[date], on: date) -> ChildBalance:
    today = entitlement_on(child, on)
    pools = {part: _pool_of(child, part) for part in taken}
    bands = tuple(_band_balance(child, band, _sum(part for part in taken if pools[part] is band), today, on) for band in AgeBand)
    absent = sorted({part.day for part in taken})
    return ChildBalance(
        child=child,
        rule=today.rule,
        usable=sum(band.remaining for band in bands) if today.rule.usable else 0,
        bands=bands,
        extension=_sum(part for part in taken if part.kind is LeaveKind.EXTENSION),
        isolation=_sum(part for part in taken if part.kind is LeaveKind.ISOLATION),
        uncovered=_sum(part for part in taken if part.kind is LeaveKind.ORDINARY and pools[part] is None),
        conflicts=tuple(day for day in absent if day in child.other_parents_days),
        shared_days=tuple(day for day in absent if day in shared),
    )


def _pool_of(child: ChildLeave, part: Taken) -> AgeBand | None:
    """The band whose pool it takes from; None when it takes from none."""
    entitlement = entitlement_on(child, part.day)
    return entitlement.band if part.kind is LeaveKind.ORDINARY and entitlement.rule.usable else None


def _band_balance(child: ChildLeave, band: AgeBand, used: Used, today: Entitlement, on: date) -> BandBalance:
    first_day, last_day = band.first_day(child.date_of_birth), band.last_day(child.date_of_birth)
    if today.band is band:
        state, entitlement = BandState.CURRENT, today.minutes
    elif on < first_day:
        state, entitlement = BandState.TO_COME, entitlement_on(child, first_day).minutes
    else:
        state, entitlement = BandState.OVER, entitlement_on(child, last_day).minutes
    left = max(0, entitlement - used.accepted)
    return BandBalance(
        band=band,
        first_day=first_day,
        last_day=None if state is BandState.CURRENT and on > last_day else last_day,
        state=state,
        entitlement=entitlement,
        used=used,
        remaining=left if state is BandState.CURRENT else 0,
        lapsed=left if state is BandState.OVER else 0,
    )


def _sum(parts: Iterable[Taken]) -> Used:
    minutes = {LeaveStatus.ACCEPTED: 0, LeaveStatus.DECLARED: 0}
    for part in parts:
        minutes[part.status] += part.minutes
    return Used(accepted=minutes[LeaveStatus.ACCEPTED], pending=minutes[LeaveStatus.DECLARED])
