from __future__ import annotations

from espace_procedures.app.my_appointment import MyAppointment
from espace_procedures.app.ports import Appointments
from espace_procedures.domain.appointment import Appointment


class ReadAppointment:
    """One of a person's own appointments."""

    def __init__(self, appointments: Appointments) -> None:
        self._appointments = appointments

    async def __call__(self, mine: MyAppointment) -> Appointment:
        """Raises NoSuchAppointment."""
        return await mine.load(self._appointments)
