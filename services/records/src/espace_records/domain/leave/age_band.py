from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Self


def birthday(born: date, age: int) -> date:
    """The first day at that age. Who is born on 29 February completes a year of life with 28 February, so turns on 1 March where needed."""
    year = born.year + age
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


class AgeBand(StrEnum):
    """The three pools of leave by the child's age: permanent code, first age in it, first age no longer in it, days."""

    UNDER_4 = "under_4", 0, 4, 12
    FROM_4_TO_12 = "from_4_to_12", 4, 13, 18
    FROM_13 = "from_13", 13, 18, 5

    from_age: int
    until_age: int
    days: int

    def __new__(cls, code: str, from_age: int, until_age: int, days: int) -> Self:
        """Its code is its value."""
        band = str.__new__(cls, code)
        band._value_ = code
        band.from_age, band.until_age, band.days = from_age, until_age, days
        return band

    def first_day(self, born: date) -> date:
        """The first day in the band of a child born then."""
        return birthday(born, self.from_age)

    def last_day(self, born: date) -> date:
        """The last day by age alone; the special supplementary allowance carries the last band beyond it."""
        return birthday(born, self.until_age) - timedelta(days=1)


def band_on(born: date, day: date) -> AgeBand | None:
    """The band by age alone; None before birth and from 18 on."""
    return next((band for band in AgeBand if band.first_day(born) <= day <= band.last_day(born)), None)
