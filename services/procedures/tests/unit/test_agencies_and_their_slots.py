"""Where and when the CNS can be met: the reference data, and the times that follow from it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from itertools import pairwise

import pytest

from espace_contracts.vocabulary import AppointmentMode, Locale
from espace_procedures.domain.agencies import AGENCIES, ZONE, agencies_in, is_public_holiday
from espace_procedures.domain.appointment import Slot, findings_on, slot_error, start_in

LUXEMBOURG = AGENCIES.agencies["luxembourg"]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday, 13:00 in Luxembourg."""


def reference_data():
    return json.loads((files("espace_procedures") / "assets" / "agencies.json").read_text(encoding="utf-8"))


def test_what_no_public_source_says_is_marked_as_sample():
    data = reference_data()
    assert data["sample"] == ["slot_minutes", "cancel_hours", "horizon_days"]
    for entry in (*data["agencies"], *data["subjects"]):
        assert entry["sample"] or "source" in entry, entry["code"]
    sourced_hours = {agency.code for agency in AGENCIES.agencies.values() if "hours" not in agency.sample}
    assert sourced_hours == {"luxembourg", "esch_sur_alzette", "differdange"}


def test_every_subject_is_named_in_each_language():
    assert all(set(subject.names) == set(Locale) and all(subject.names.values()) for subject in AGENCIES.subjects.values())


def test_a_subject_that_lacks_a_language_is_no_reference_data():
    data = reference_data()
    del data["subjects"][0]["names"]["lb"]
    with pytest.raises(KeyError):
        agencies_in(data)


def test_an_agency_that_receives_nobody_in_person_is_no_reference_data():
    data = reference_data()
    data["agencies"][0]["modes"] = ["video"]
    with pytest.raises(ValueError, match="at_agency"):
        agencies_in(data)


def test_a_day_is_cut_into_slots_from_opening_to_closing():
    slots = list(AGENCIES.slots_on(LUXEMBOURG, date(2026, 3, 3)))
    assert slots[0] == datetime(2026, 3, 3, 6, 30, tzinfo=UTC), "07:30 in winter"
    assert slots[-1] == datetime(2026, 3, 3, 15, 30, tzinfo=UTC), "the last ends before 17:00"
    assert {after - before for before, after in pairwise(slots)} == {timedelta(minutes=20)}
    assert next(AGENCIES.slots_on(LUXEMBOURG, date(2026, 3, 31))) == datetime(2026, 3, 31, 5, 30, tzinfo=UTC), "07:30 in summer"


def test_the_break_at_noon_is_no_slot():
    starts = [start.astimezone(ZONE).time() for start in AGENCIES.slots_on(AGENCIES.agencies["marnach"], date(2026, 3, 2))]
    assert time(11, 40) in starts
    assert time(13, 0) in starts
    assert not [start for start in starts if time(12, 0) <= start < time(13, 0)]


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 3, 29), 9), (date(2026, 10, 25), 15), (date(2026, 3, 22), 12)])
def test_where_the_clocks_change_no_slot_is_lost_or_doubled(day, expected):
    """An agency that is open in the night to Sunday, from 01:00 to 05:00, which is 3, 5 or 4 hours."""
    night = replace(LUXEMBOURG, hours={6: ((time(1), time(5)),)})
    slots = list(AGENCIES.slots_on(night, day))
    assert len(set(slots)) == len(slots) == expected
    assert slots[-1].astimezone(ZONE).time() == time(4, 40)


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 6, 23), date(2026, 4, 6), date(2026, 12, 25), date(2026, 3, 1)])
def test_an_agency_is_closed_on_public_holidays_and_sundays(day):
    assert list(AGENCIES.slots_on(LUXEMBOURG, day)) == []
    assert is_public_holiday(day) or day.weekday() == 6


def test_only_what_lies_ahead_and_within_the_horizon_is_offered():
    offered = list(AGENCIES.bookable(LUXEMBOURG, (date(2020, 1, 1), date(2030, 1, 1)), NOON))
    assert offered[0] == datetime(2026, 3, 2, 12, 10, tzinfo=UTC)
    assert offered[-1] == datetime(2026, 5, 1, 12, 0, tzinfo=UTC) - timedelta(days=1) + timedelta(hours=2, minutes=30)
    assert list(AGENCIES.bookable(LUXEMBOURG, (date(2026, 3, 4), date(2026, 3, 3)), NOON)) == []


@pytest.mark.parametrize(
    ("start", "part"),
    [
        ("2026-03-02T12:00:00Z", "has passed"),
        ("2026-05-04T07:30:00+02:00", "60 days ahead at most"),
        ("2026-03-03T06:35:00Z", "no appointment at this time"),
        ("2026-03-07T08:30:00Z", "no appointment at this time"),
        ("2026-03-03T06:30:01Z", "no appointment at this time"),
    ],
)
def test_a_time_that_nobody_can_have_is_refused_with_the_reason(start, part):
    error = slot_error(Slot("luxembourg", start_in(start)), NOON)
    assert error is not None
    assert part in error.message % error.values


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-03-03", "2026-03-03T06:30:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"]
)
def test_a_time_without_its_offset_is_no_time(text):
    assert start_in(text) is None


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"subject": "reimbursement", "mode": "video", "agency": "luxembourg"}, ["mode"]),
        ({"subject": "information_documents", "mode": "video", "agency": "mersch"}, ["mode"]),
        ({"subject": "information_documents", "mode": "video", "agency": "luxembourg"}, []),
        ({"subject": "reimbursement", "mode": "at_agency", "agency": "mersch", "slot": "2026-03-03T07:00:00Z"}, []),
        ({"subject": "reimbursement", "mode": "at_agency", "agency": "mersch", "slot": "2026-03-02T07:00:00Z"}, ["slot"]),
        ({"mode": "video"}, []),
        ({}, []),
    ],
)
def test_a_video_call_is_only_for_what_can_be_dealt_with_in_one(answers, fields):
    assert [finding.field for finding in findings_on(answers, NOON)] == fields


def test_modes_are_those_of_the_agency_and_the_subject():
    assert AGENCIES.modes(LUXEMBOURG, AGENCIES.subjects["reimbursement"]) == (AppointmentMode.AT_AGENCY,)
    assert AGENCIES.modes(LUXEMBOURG, AGENCIES.subjects["sick_leave"]) == (AppointmentMode.AT_AGENCY, AppointmentMode.VIDEO)
