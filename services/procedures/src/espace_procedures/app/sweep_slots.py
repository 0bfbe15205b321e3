from __future__ import annotations

from datetime import timedelta

from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.ports import Appointments, Clock

UNFOUNDED_AFTER = timedelta(minutes=10)
"""Far longer than the step lives that books a slot and then saves its procedure."""


class SweepSlots:
    """Free the slots that a crash left held: booked for a procedure that was never forwarded, or was withdrawn or refused since."""

    def __init__(self, appointments: Appointments, clock: Clock) -> None:
        self._appointments, self._clock = appointments, clock

    async def __call__(self) -> int:
        """How many there were."""
        freed = 0
        async for appointment in self._appointments.unfounded(self._clock() - UNFOUNDED_AFTER):
            try:
                await self._appointments.remove(appointment)
            except VersionConflict:
                continue  # it was booked anew meanwhile
            freed += 1
        return freed
