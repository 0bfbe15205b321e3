from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from espace_procedures.app.ports import Appointments, Clock
from espace_procedures.domain.agencies import AGENCIES, Agency


@dataclass(frozen=True, slots=True)
class FreeSlots:
    """A start, in UTC, and how many counters are free then."""

    starts_at: datetime
    free: int


class FindSlots:
    """Which times an agency still offers."""

    def __init__(self, appointments: Appointments, clock: Clock) -> None:
        self._appointments, self._clock = appointments, clock

    async def __call__(self, agency: Agency, days: tuple[date, date]) -> list[FreeSlots]:
        """From the first to the last of these days, as far as they lie ahead and within the horizon; in order of time."""
        starts = list(AGENCIES.bookable(agency, days, self._clock()))
        if not starts:
            return []
        taken = await self._appointments.taken(agency.code, starts[0], starts[-1])
        return [FreeSlots(start, agency.counters - taken[start]) for start in starts if taken[start] < agency.counters]
