from __future__ import annotations

from datetime import datetime

import pytest

from espace_records.domain.calendar import day_of, is_working_day
from espace_records.domain.leave.age_band import AgeBand, band_on, birthday
from espace_records.domain.leave.balance import BandState
from espace_records.domain.leave.entitlement import Rule

from .leave_cases import DAY, absence, balance, band, child, day, period

UNDER_4, FROM_4, FROM_13 = AgeBand


@pytest.mark.parametrize(
    ("born", "age", "first"),
    [
        ("2022-03-04", 4, "2026-03-04"),
        ("2012-02-29", 4, "2016-02-29"),
        ("2012-02-29", 13, "2025-03-01"),
        ("2012-02-29", 18, "2030-03-01"),
        ("2096-02-29", 4, "2100-03-01"),
    ],
)
def test_a_year_of_life_is_complete_on_the_birthday_or_on_1_march_without_a_29_february(born, age, first):
    assert birthday(day(born), age) == day(first)


@pytest.mark.parametrize(
    ("born", "on", "expected"),
    [
        ("2022-03-04", "2022-03-03", None),
        ("2022-03-04", "2022-03-04", UNDER_4),
        ("2022-03-04", "2026-03-03", UNDER_4),
        ("2022-03-04", "2026-03-04", FROM_4),
        ("2013-03-04", "2026-03-03", FROM_4),
        ("2013-03-04", "2026-03-04", FROM_13),
        ("2008-03-04", "2026-03-03", FROM_13),
        ("2008-03-04", "2026-03-04", None),
        ("2012-02-29", "2025-02-28", FROM_4),
        ("2012-02-29", "2025-03-01", FROM_13),
    ],
)
def test_the_band_changes_on_the_birthday_itself(born, on, expected):
    assert band_on(day(born), day(on)) is expected


@pytest.mark.parametrize(
    ("born", "first", "last", "used"),
    [
        # 2 to 6 March 2026 are Monday to Friday
        ("2022-03-09", "2026-03-02", "2026-03-06", (5, 0, 0)),  # the birthday comes after the absence
        ("2022-03-07", "2026-03-02", "2026-03-06", (5, 0, 0)),  # on the day after
        ("2022-03-06", "2026-03-02", "2026-03-06", (4, 1, 0)),  # on its last day
        ("2022-03-04", "2026-03-02", "2026-03-06", (2, 3, 0)),  # within it
        ("2022-03-02", "2026-03-02", "2026-03-06", (0, 5, 0)),  # on its first day
        ("2022-03-01", "2026-03-02", "2026-03-06", (0, 5, 0)),  # before it
        ("2013-03-09", "2026-03-02", "2026-03-06", (0, 5, 0)),
        ("2013-03-06", "2026-03-02", "2026-03-06", (0, 4, 1)),
        ("2013-03-04", "2026-03-02", "2026-03-06", (0, 2, 3)),
        ("2013-03-02", "2026-03-02", "2026-03-06", (0, 0, 5)),
        (
            "2012-02-29",
            "2025-02-27",
            "2025-03-04",
            (0, 2, 2),
        ),  # 13 on Saturday 1 March: Thursday and Friday before, Monday and Tuesday after
        ("2020-02-29", "2024-02-28", "2024-03-01", (1, 2, 0)),  # 4 on 29 February
    ],
)
def test_an_absence_across_a_birthday_splits(born, first, last, used):
    in_hospital = (period("2020-01-01"),)
    found = balance(child(born, absence(first, last), hospital_stays=in_hospital), last)
    assert tuple(part.used.accepted for part in found.bands) == tuple(days * DAY for days in used)


@pytest.mark.parametrize(
    ("born", "on", "changed", "rule", "days"),
    [
        ("2024-06-01", "2026-03-02", {}, Rule.AGE, 12),
        ("2016-06-01", "2026-03-02", {}, Rule.AGE, 18),
        ("2010-06-01", "2026-03-02", {}, Rule.NOT_IN_HOSPITAL, 0),
        ("2010-06-01", "2026-03-02", {"hospital_stays": (period("2026-03-02", "2026-03-02"),)}, Rule.HOSPITAL, 5),
        ("2010-06-01", "2026-03-03", {"hospital_stays": (period("2026-03-02", "2026-03-02"),)}, Rule.NOT_IN_HOSPITAL, 0),
        ("2005-06-01", "2026-03-02", {"hospital_stays": (period("2026-03-01"),)}, Rule.OF_AGE, 0),
        ("2026-06-01", "2026-03-02", {}, Rule.NOT_BORN, 0),
        ("2026-06-01", "2026-03-02", {"special_allowance": (period("2026-01-01"),)}, Rule.NOT_BORN, 0),
        ("2024-06-01", "2026-03-02", {"special_allowance": (period("2026-03-02"),)}, Rule.ALLOWANCE, 24),
        ("2016-06-01", "2026-03-02", {"special_allowance": (period("2026-01-01", "2026-03-02"),)}, Rule.ALLOWANCE, 36),
        ("2016-06-01", "2026-03-03", {"special_allowance": (period("2026-01-01", "2026-03-02"),)}, Rule.AGE, 18),
        ("2010-06-01", "2026-03-02", {"special_allowance": (period("2026-01-01"),)}, Rule.ALLOWANCE, 10),
        ("2001-06-01", "2026-03-02", {"special_allowance": (period("2026-01-01"),)}, Rule.ALLOWANCE, 10),
    ],
)
def test_the_days_a_child_gives_and_why(born, on, changed, rule, days):
    found = balance(child(born, **changed), on)
    assert (found.rule, found.usable) == (rule, days * DAY)


def test_a_pool_is_counted_in_the_parents_own_working_day():
    found = balance(child("2024-06-01", absence("2026-03-02"), minutes_of_a_day=240), "2026-03-02")
    assert band(found, UNDER_4).entitlement == 12 * 240
    assert found.usable == 11 * 240


def test_unused_days_lapse_at_the_change_of_band_and_are_not_carried_over():
    told = child("2022-03-04", absence("2025-06-02", "2025-06-04"))
    before, after = balance(told, "2026-03-03"), balance(told, "2026-03-04")
    assert (before.usable, band(before, UNDER_4).state, band(before, UNDER_4).lapsed) == (9 * DAY, BandState.CURRENT, 0)
    over = band(after, UNDER_4)
    assert (over.state, over.remaining, over.lapsed, over.last_day) == (BandState.OVER, 0, 9 * DAY, day("2026-03-03"))
    assert (after.usable, band(after, FROM_4).remaining) == (18 * DAY, 18 * DAY)
    assert (band(before, FROM_4).state, band(before, FROM_4).remaining) == (BandState.TO_COME, 0)


def test_the_allowance_carries_the_last_band_beyond_18_and_it_ends_with_it():
    told = child("2006-06-01", absence("2026-03-02", "2026-03-04"), special_allowance=(period("2026-01-01", "2026-03-31"),))
    during, after = balance(told, "2026-03-31"), balance(told, "2026-04-01")
    assert (during.usable, band(during, FROM_13).state, band(during, FROM_13).last_day) == (7 * DAY, BandState.CURRENT, None)
    assert (after.usable, after.rule, band(after, FROM_13).state) == (0, Rule.OF_AGE, BandState.OVER)
    assert band(after, FROM_13).lapsed == 2 * DAY


@pytest.mark.parametrize("year", range(2018, 2061))
def test_working_days_leave_out_weekends_and_the_holidays_of_the_law(year):
    fixed = {"01-01", "05-01", "06-23", "08-15", "11-01", "12-25", "12-26"} | ({"05-09"} if year >= 2019 else set())
    assert not any(is_working_day(day(f"{year}-{text}")) for text in fixed)


@pytest.mark.parametrize(
    ("text", "working"),
    [
        ("2026-03-02", True),
        ("2026-03-07", False),
        ("2026-03-08", False),
        ("2026-04-03", True),  # Good Friday is no public holiday
        ("2026-04-06", False),  # Easter Monday
        ("2026-05-14", False),  # Ascension
        ("2026-05-25", False),  # Whit Monday
        ("2018-05-09", True),  # Europe Day is one since 2019
        ("2019-05-09", False),
        ("2026-12-24", True),
    ],
)
def test_a_day_is_a_working_day_or_not(text, working):
    assert is_working_day(day(text)) is working


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-01T22:59:00Z", "2026-03-01"),
        ("2026-03-01T23:00:00Z", "2026-03-02"),
        ("2026-06-30T21:59:00Z", "2026-06-30"),
        ("2026-06-30T22:00:00Z", "2026-07-01"),
    ],
)
def test_a_day_begins_at_midnight_in_luxembourg(moment, expected):
    assert day_of(datetime.fromisoformat(moment)) == day(expected)
