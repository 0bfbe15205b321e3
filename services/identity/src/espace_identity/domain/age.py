from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

MAJORITY = 18
"""The age from which a person stands for themselves."""
_LUXEMBOURG = ZoneInfo("Europe/Luxembourg")


def in_luxembourg(moment: datetime) -> datetime:
    """The moment as a clock in Luxembourg shows it."""
    return moment.astimezone(_LUXEMBOURG)


def day_of(moment: datetime) -> date:
    """The calendar day in Luxembourg, by which ages and last days count."""
    return in_luxembourg(moment).date()


def age_on(day: date, born: date) -> int:
    """Completed years. Who was born on 29 February completes a year on 1 March where the 29th is missing."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def comes_of_age(born: date) -> date:
    """The eighteenth birthday."""
    try:
        return born.replace(year=born.year + MAJORITY)
    except ValueError:  # 29 February
        return date(born.year + MAJORITY, 3, 1)
