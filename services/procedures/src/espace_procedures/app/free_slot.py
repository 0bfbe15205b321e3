from __future__ import annotations

from uuid import UUID

from espace_procedures.app.ports import Appointments
from espace_procedures.domain.appointment import AppointmentStatus


class FreeSlot:
    """Give back the slot of a procedure that was withdrawn or refused. A confirmation that crossed the withdrawal is forgotten too."""

    def __init__(self, appointments: Appointments) -> None:
        self._appointments = appointments

    async def __call__(self, procedure_id: UUID) -> None:
        """Safe to repeat; does nothing for a procedure without an appointment. Raises VersionConflict."""
        appointment = await self._appointments.of(procedure_id)
        if appointment is not None and appointment.status is not AppointmentStatus.CANCELLED:
            await self._appointments.remove(appointment)
