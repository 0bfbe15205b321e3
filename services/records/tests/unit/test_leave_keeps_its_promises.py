"""What holds for whatever the fund tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from espace_records.domain.leave.balance import ChildBalance, balances
from espace_records.domain.leave.child_leave import Absence, ChildLeave, FamilyLeave, LeaveKind, LeaveStatus, Period
from espace_records.domain.leave.taken import taken_for

from .leave_cases import DAY, child

FEW = settings(max_examples=60, deadline=None)
FIRST, LAST = date(2022, 1, 1), date(2027, 12, 31)
days = st.dates(FIRST, LAST)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    first = draw(days)
    return Period(first_day=first, last_day=draw(st.none() | st.dates(first, LAST)))


@st.composite
def absences(draw: st.DrawFn) -> Absence:
    first = draw(days)
    return Absence(
        id=UUID(int=draw(st.integers(0, 10**6))),
        first_day=first,
        last_day=first + timedelta(days=draw(st.integers(0, 20))),
        kind=draw(st.sampled_from(LeaveKind)),
        status=draw(st.sampled_from(LeaveStatus)),
        minutes_a_day=draw(st.none() | st.integers(1, 600)),
    )


@st.composite
def children(draw: st.DrawFn) -> ChildLeave:
    born = draw(st.dates(date(2003, 1, 1), date(2026, 12, 31)) | st.sampled_from([date(2008, 2, 29), date(2012, 2, 29), date(2020, 2, 29)]))
    return child(
        born.isoformat(),
        *draw(st.lists(absences(), max_size=8)),
        special_allowance=tuple(draw(st.lists(periods(), max_size=2))),
        hospital_stays=tuple(draw(st.lists(periods(), max_size=2))),
        other_parents_days=tuple(draw(st.lists(days, max_size=3))),
    )


def seen(of: ChildLeave, on: date) -> ChildBalance:
    (balance,) = balances(FamilyLeave(children=(of,)), on)
    return balance


def numbers(of: ChildLeave, on: date) -> ChildBalance:
    """The balance without the absences it was made from."""
    return replace(seen(of, on), child=replace(of, absences=()))


@FEW
@given(children(), days)
def test_nothing_is_ever_negative_nor_more_than_the_pool(told, on):
    balance = seen(told, on)
    for band in balance.bands:
        assert 0 <= band.remaining <= band.entitlement <= 36 * DAY
        assert 0 <= band.lapsed <= band.entitlement
        assert min(band.used.accepted, band.used.pending) >= 0
    assert balance.usable in {0, sum(band.remaining for band in balance.bands)}


@FEW
@given(children(), days)
def test_the_bands_and_the_other_counters_sum_up_to_all_that_was_taken_and_no_day_to_more_than_itself(told, on):
    balance, taken = seen(told, on), list(taken_for(told))
    counters = [*(band.used for band in balance.bands), balance.extension, balance.isolation, balance.uncovered]
    assert sum(counter.accepted + counter.pending for counter in counters) == sum(part.minutes for part in taken)
    by_day: dict[date, int] = {}
    for part in taken:
        by_day[part.day] = by_day.get(part.day, 0) + part.minutes
    assert all(0 < minutes <= DAY for minutes in by_day.values())


@FEW
@given(children(), days, st.data())
def test_splitting_an_absence_changes_nothing(told, on, data):
    longer = [absence for absence in told.absences if absence.first_day < absence.last_day]
    if not longer:
        return
    whole = data.draw(st.sampled_from(longer))
    cut = data.draw(st.dates(whole.first_day, whole.last_day - timedelta(days=1)))
    rest = [absence for absence in told.absences if absence is not whole]
    split = (*rest, replace(whole, last_day=cut), replace(whole, first_day=cut + timedelta(days=1)))
    assert numbers(replace(told, absences=split), on) == numbers(told, on)


@FEW
@given(children(), days, st.randoms())
def test_the_order_in_which_absences_are_told_does_not_matter(told, on, random):
    shuffled = list(told.absences)
    random.shuffle(shuffled)
    assert numbers(replace(told, absences=tuple(shuffled)), on) == numbers(told, on)


@FEW
@given(children(), absences(), days)
def test_one_more_absence_never_leaves_more(told, further, on):
    before, after = seen(told, on), seen(replace(told, absences=(*told.absences, further)), on)
    assert after.usable <= before.usable
    for one, other in zip(before.bands, after.bands, strict=True):
        assert other.remaining <= one.remaining
        assert other.lapsed <= one.lapsed
