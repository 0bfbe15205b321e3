from __future__ import annotations

from uuid import UUID

import pytest

from espace_contracts.vocabulary import InsuredId
from espace_kernel.outcomes import NeverWorks
from espace_records.domain.leave.age_band import AgeBand
from espace_records.domain.leave.balance import Used, balances
from espace_records.domain.leave.child_leave import FamilyLeave, LeaveKind, LeaveStatus

from .leave_cases import DAY, absence, balance, band, child, day, period

UNDER_4, FROM_4, FROM_13 = AgeBand
DECLARED, REFUSED = {"status": LeaveStatus.DECLARED}, {"status": LeaveStatus.REFUSED}
MONDAY = "2026-03-02"
BORN = "2018-06-01"  # 7 years old on that Monday: a pool of 18 days


@pytest.mark.parametrize(
    ("absences", "accepted", "pending"),
    [
        ((), 0, 0),
        ((absence(MONDAY),), 480, 0),
        ((absence(MONDAY, "2026-03-08"),), 5 * 480, 0),  # Monday to Sunday are five working days
        ((absence("2026-04-30", "2026-05-04"),), 2 * 480, 0),  # 1 May and a weekend between
        ((absence("2026-03-07", "2026-03-08"),), 0, 0),  # a weekend alone
        ((absence(MONDAY, minutes_a_day=240),), 240, 0),
        ((absence(MONDAY, "2026-03-04", minutes_a_day=95),), 3 * 95, 0),
        ((absence(MONDAY, minutes_a_day=600),), 480, 0),  # never more than the day
        ((absence(MONDAY, **DECLARED),), 0, 480),
        ((absence(MONDAY, **REFUSED),), 0, 0),
        ((absence(MONDAY), absence("2026-03-03", **DECLARED), absence("2026-03-04", **REFUSED)), 480, 480),
        # absences that overlap count once a day, up to the day's minutes
        ((absence(MONDAY, "2026-03-04"), absence("2026-03-03", "2026-03-05")), 4 * 480, 0),
        ((absence(MONDAY, minutes_a_day=240), absence(MONDAY, minutes_a_day=180)), 420, 0),
        ((absence(MONDAY, minutes_a_day=300), absence(MONDAY, minutes_a_day=300)), 480, 0),
        ((absence(MONDAY), absence(MONDAY, **DECLARED)), 480, 0),
        ((absence(MONDAY, minutes_a_day=240), absence(MONDAY, **DECLARED)), 240, 240),
        ((absence(MONDAY), absence(MONDAY, **REFUSED)), 480, 0),
    ],
)
def test_accepted_minutes_are_used_and_declared_ones_are_pending(absences, accepted, pending):
    found = balance(child(BORN, *absences), MONDAY)
    assert band(found, FROM_4).used == Used(accepted=accepted, pending=pending)
    assert found.usable == 18 * DAY - accepted


def test_an_absence_that_is_granted_for_later_is_used_already():
    found = balance(child(BORN, absence("2026-03-30", "2026-03-31")), MONDAY)
    assert found.usable == 16 * DAY


def test_more_used_than_there_is_leaves_nothing_rather_than_less():
    found = balance(child("2024-06-01", absence(MONDAY, "2026-03-25")), MONDAY)
    assert band(found, UNDER_4).used.accepted == 18 * DAY
    assert (found.usable, band(found, UNDER_4).remaining) == (0, 0)


@pytest.mark.parametrize(("kind", "counter"), [(LeaveKind.EXTENSION, "extension"), (LeaveKind.ISOLATION, "isolation")])
def test_extension_and_isolation_have_counters_of_their_own(kind, counter):
    absences = (
        absence(MONDAY, "2026-03-06", kind=kind),
        absence("2026-03-09", kind=kind, **DECLARED),
        absence("2026-03-10", kind=kind, **REFUSED),
    )
    found = balance(child(BORN, *absences), MONDAY)
    other = {"extension": found.isolation, "isolation": found.extension}[counter]
    assert (getattr(found, counter), other) == (Used(accepted=5 * DAY, pending=DAY), Used(accepted=0, pending=0))
    assert (found.usable, band(found, FROM_4).used) == (18 * DAY, Used(accepted=0, pending=0))


def test_a_day_of_two_kinds_counts_for_the_pool_first_and_in_all_once():
    told = child(BORN, absence(MONDAY, kind=LeaveKind.EXTENSION), absence(MONDAY, minutes_a_day=300))
    found = balance(told, MONDAY)
    assert (band(found, FROM_4).used.accepted, found.extension.accepted) == (300, 180)


@pytest.mark.parametrize(
    ("stay", "in_pool", "uncovered"),
    [
        (("2026-03-02", "2026-03-06"), 5, 0),
        (("2026-03-04", "2026-03-20"), 3, 2),  # begins within the absence
        (("2026-02-20", "2026-03-03"), 2, 3),  # ends within it
        (("2026-03-03", "2026-03-04"), 2, 3),
        (("2026-03-09", "2026-03-20"), 0, 5),
        (("2026-03-05", None), 2, 3),  # goes on
    ],
)
def test_from_13_on_only_days_in_hospital_take_from_the_pool(stay, in_pool, uncovered):
    told = child("2011-06-01", absence(MONDAY, "2026-03-06"), hospital_stays=(period(*stay),))
    found = balance(told, MONDAY)
    assert band(found, FROM_13).used.accepted == in_pool * DAY
    assert found.uncovered == Used(accepted=uncovered * DAY, pending=0)


def test_an_allowance_granted_afterwards_doubles_the_pool_and_covers_the_days_behind():
    week = absence(MONDAY, "2026-03-06")
    before = balance(child("2011-06-01", week), "2026-03-16")
    after = balance(child("2011-06-01", week, special_allowance=(period("2026-01-01"),)), "2026-03-16")
    assert (before.uncovered.accepted, before.usable) == (5 * DAY, 0)
    assert (after.uncovered.accepted, band(after, FROM_13).used.accepted, after.usable) == (0, 5 * DAY, 5 * DAY)


def test_an_allowance_that_has_ended_no_longer_doubles_what_is_left():
    told = child(BORN, absence("2026-01-05", "2026-01-29"), special_allowance=(period("2026-01-01", "2026-01-31"),))
    assert (balance(told, "2026-01-31").usable, balance(told, "2026-02-02").usable) == (17 * DAY, 0)


def test_days_before_the_birth_and_of_a_grown_child_take_from_no_pool():
    assert balance(child("2026-06-01", absence(MONDAY)), MONDAY).uncovered.accepted == DAY
    assert balance(child("2005-06-01", absence(MONDAY)), MONDAY).uncovered.accepted == DAY


def test_both_parents_on_the_same_day_is_a_conflict_with_its_dates():
    theirs = tuple(map(day, ("2026-03-07", "2026-03-03", "2026-03-05", "2026-03-11", "2026-03-12")))
    absences = absence(MONDAY, "2026-03-08"), absence("2026-03-11", **DECLARED), absence("2026-03-12", **REFUSED)
    found = balance(child(BORN, *absences, other_parents_days=theirs), MONDAY)
    assert found.conflicts == (day("2026-03-03"), day("2026-03-05"), day("2026-03-11"))


def test_two_children_ill_the_same_day_take_from_a_pool_each_and_the_day_is_named():
    mia = child(BORN, absence(MONDAY, "2026-03-03"))
    tom = child("2023-06-01", absence("2026-03-03", "2026-03-04"), absence("2026-03-05", **REFUSED), child=InsuredId(UUID(int=2)))
    for_mia, for_tom = balances(FamilyLeave(children=(mia, tom)), day(MONDAY))
    assert (for_mia.usable, for_tom.usable) == (16 * DAY, 10 * DAY)
    assert for_mia.shared_days == for_tom.shared_days == (day("2026-03-03"),)


@pytest.mark.parametrize(("first", "last"), [("2026-03-03", "2026-03-02"), ("2024-01-01", "2025-12-29"), ("0001-01-01", "9999-12-31")])
def test_an_absence_of_impossible_days_never_works(first, last):
    with pytest.raises(NeverWorks, match="104 weeks"):
        absence(first, last)


def test_an_absence_may_last_104_weeks():
    assert absence("2024-01-01", "2025-12-28").last_day == day("2025-12-28")
