"""At which hours messages go, by the clock on the wall in Luxembourg.

A text message lights up beside a bed, so a notice by text message waits for the day, on every day of the week. An e-mail waits where its
reader finds it, and goes at once. The fund publishes no such hours: these are the project's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from espace_contracts.vocabulary import NoticeMeans

_LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
_MORNING, _EVENING = time(8), time(20)

Hours = Callable[[NoticeMeans, datetime], datetime]
"""The first moment, from the given one on, at which a message may go by these means."""


def at_any_hour(_means: NoticeMeans, now: datetime) -> datetime:
    """Now: somebody waits for the message."""
    return now


def outside_quiet_hours(means: NoticeMeans, now: datetime) -> datetime:
    """Now, but for a text message from 20 to 8 o'clock: then the next morning."""
    here = now.astimezone(_LUXEMBOURG)
    if means is not NoticeMeans.SMS or _MORNING <= here.time() < _EVENING:
        return now
    day = here.date() + timedelta(days=here.time() >= _EVENING)
    return datetime.combine(day, _MORNING, _LUXEMBOURG).astimezone(UTC)
