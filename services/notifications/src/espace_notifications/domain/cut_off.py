"""When letters are closed into a print run, by the clock on the wall in Luxembourg.

Cut-offs are on Monday to Friday. Public holidays are not known here: what is handed over on one lies at the printer's until its next
working day, in no way different from a letter handed over in the evening.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
_SATURDAY = 5


def moment_of(day: date, at: time) -> datetime:
    """The one moment of a time of day: in a doubled hour the first of the two, in a lost hour as if the clock had not been put forward."""
    return datetime.combine(day, at, _LUXEMBOURG).astimezone(UTC)


class CutOffs:
    """The times of day at which runs are formed."""

    def __init__(self, times: Sequence[time]) -> None:
        self._times = sorted(times, reverse=True)

    @classmethod
    def named(cls, text: str) -> CutOffs:
        """Of a text such as `12:00,16:00`. Raises ValueError."""
        try:
            times = [time.fromisoformat(part.strip()) for part in text.split(",")]
        except ValueError:
            raise ValueError(f"{text!r} is no list of times of day. Write them like 12:00,16:00.") from None
        if any(at.tzinfo is not None for at in times):
            raise ValueError(f"{text!r} names a time zone. Cut-offs are in Luxembourg's time; write them like 12:00,16:00.")
        return cls(times)

    def latest(self, now: datetime) -> datetime:
        """The last cut-off that has come; however many were missed, it stands for all of them."""
        day = now.astimezone(_LUXEMBOURG).date()
        while True:
            if day.weekday() < _SATURDAY:
                for at in self._times:
                    if (moment := moment_of(day, at)) <= now:
                        return moment
            day -= timedelta(days=1)


def working_days_before(now: datetime, days: int) -> datetime:
    """The moment so many Mondays to Fridays earlier; a weekend counts as the end of its Friday."""
    local = now.astimezone(_LUXEMBOURG)
    day, at = local.date(), local.time()
    if day.weekday() >= _SATURDAY:
        day, at = day - timedelta(days=day.weekday() - _SATURDAY), time()
    while days:
        day -= timedelta(days=1)
        days -= day.weekday() < _SATURDAY
    return moment_of(day, at)
