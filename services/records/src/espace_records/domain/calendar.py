"""Days as Luxembourg counts them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from holidays import country_holidays

_LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
_PUBLIC_HOLIDAYS = country_holidays("LU")
_SATURDAY = 5


def day_of(moment: datetime) -> date:
    """The day it is in Luxembourg at that moment."""
    return moment.astimezone(_LUXEMBOURG).date()


def is_working_day(day: date) -> bool:
    """Monday to Friday, public holidays excepted."""
    return day.weekday() < _SATURDAY and day not in _PUBLIC_HOLIDAYS
