from __future__ import annotations

from espace_procedures.app.my_appointment import MyAppointment
from espace_procedures.app.ports import Appointments, Clock
from espace_procedures.domain.appointment_refusals import CannotBeCancelled


class CancelAppointment:
    """Give the slot back, while there is time. Too late, the appointment stays and a document says so, once."""

    def __init__(self, appointments: Appointments, clock: Clock) -> None:
        self._appointments, self._clock = appointments, clock

    async def __call__(self, mine: MyAppointment) -> None:
        """Raises NoSuchAppointment, VersionConflict, and the Refusal that says why it stays."""
        appointment, now = await mine.load(self._appointments), self._clock()
        appointment.must_lie_ahead(now)
        if appointment.can_be_changed(now):
            appointment.cancel()
            await self._appointments.save(appointment)
            return
        if appointment.ask_too_late(now):
            await self._appointments.save(appointment)
        raise CannotBeCancelled(appointment.locale)
