"""The agencies of the CNS, what they are visited for, and when they are open: reference data of assets/agencies.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays

from espace_contracts.vocabulary import AppointmentMode, Locale

ZONE = ZoneInfo("Europe/Luxembourg")

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Subject:
    """What an appointment is about. `sample` names the fields that are made up."""

    code: str
    names: Mapping[Locale, str]
    modes: tuple[AppointmentMode, ...]
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agency:
    """A place of the CNS. `counters` is how many persons it receives at once, `hours` the openings of each weekday from Monday = 0.

    `sample` names the fields that are made up.
    """

    code: str
    name: str
    address: tuple[str, ...]
    counters: int
    modes: tuple[AppointmentMode, ...]
    hours: Mapping[int, tuple[tuple[time, time], ...]]
    sample: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agencies:
    """All of the reference data. `cancel_before` is how long before its start an appointment can still be moved or cancelled online."""

    agencies: Mapping[str, Agency]
    subjects: Mapping[str, Subject]
    slot_length: timedelta
    cancel_before: timedelta
    horizon: timedelta

    @property
    def slot_minutes(self) -> int:
        """How long an appointment is meant to take."""
        return self.slot_length // timedelta(minutes=1)

    def modes(self, agency: Agency, subject: Subject) -> tuple[AppointmentMode, ...]:
        """How a subject can be dealt with at an agency."""
        return tuple(mode for mode in agency.modes if mode in subject.modes)

    def slots_on(self, agency: Agency, day: date) -> Iterator[datetime]:
        """The starts of the slots of a day, in UTC; none on a public holiday.

        They are counted from the opening in true minutes: where the clocks change within the hours, none is missing or there twice.
        """
        if is_public_holiday(day):
            return
        for opens, closes in agency.hours.get(day.weekday(), ()):
            start, end = (datetime.combine(day, moment, ZONE).astimezone(UTC) for moment in (opens, closes))
            while start + self.slot_length <= end:
                yield start
                start += self.slot_length

    def bookable(self, agency: Agency, days: tuple[date, date], now: datetime) -> Iterator[datetime]:
        """The starts from the first to the last of these days that lie ahead, no further than the horizon."""
        first, last = max(days[0], local_day(now)), min(days[1], local_day(now + self.horizon))
        for number in range((last - first).days + 1):
            yield from (start for start in self.slots_on(agency, first + timedelta(days=number)) if now < start <= now + self.horizon)


_PUBLIC_HOLIDAYS = country_holidays("LU")


def is_public_holiday(day: date) -> bool:
    """Whether nobody works in Luxembourg on this day."""
    return day in _PUBLIC_HOLIDAYS


def local_day(moment: datetime) -> date:
    """The day it is in Luxembourg."""
    return moment.astimezone(ZONE).date()


def agencies_in(data: Mapping[str, Any]) -> Agencies:
    """The reference data as the file spells it. Raises ValueError or KeyError for a file that does not hold together."""
    return Agencies(
        agencies={entry["code"]: _agency(entry) for entry in data["agencies"]},
        subjects={entry["code"]: _subject(entry) for entry in data["subjects"]},
        slot_length=timedelta(minutes=data["slot_minutes"]),
        cancel_before=timedelta(hours=data["cancel_hours"]),
        horizon=timedelta(days=data["horizon_days"]),
    )


def _subject(entry: Mapping[str, Any]) -> Subject:
    names = {locale: str(entry["names"][locale]) for locale in Locale}
    return Subject(entry["code"], names, _modes(entry), tuple(entry["sample"]))


def _agency(entry: Mapping[str, Any]) -> Agency:
    hours = {_WEEKDAYS.index(weekday): tuple(_opening(text) for text in openings) for weekday, openings in entry["hours"].items()}
    return Agency(entry["code"], entry["name"], tuple(entry["address"]), entry["counters"], _modes(entry), hours, tuple(entry["sample"]))


def _modes(entry: Mapping[str, Any]) -> tuple[AppointmentMode, ...]:
    modes = tuple(AppointmentMode(mode) for mode in entry["modes"])
    if AppointmentMode.AT_AGENCY not in modes:
        raise ValueError(f"{entry['code']} must have the mode at_agency: a video call is an offer beside it.")
    return modes


def _opening(text: str) -> tuple[time, time]:
    opens, _, closes = text.partition("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)


AGENCIES = agencies_in(json.loads((files("espace_procedures") / "assets" / "agencies.json").read_text(encoding="utf-8")))
