from __future__ import annotations

from uuid import UUID

from espace_kernel.outcomes import RetryLater
from espace_procedures.app.ports import Appointments
from espace_procedures.domain.appointment import Appointment


class ConfirmAppointment:
    """The fund agrees to the appointment of a procedure: from now on it can be moved and cancelled, and each move is confirmed anew."""

    def __init__(self, appointments: Appointments) -> None:
        self._appointments = appointments

    async def __call__(self, procedure_id: UUID) -> Appointment:
        """The appointment, whose confirmation() is what the person receives. Safe to repeat. Raises RetryLater, VersionConflict."""
        appointment = await self._appointments.of(procedure_id)
        if appointment is None:
            raise RetryLater(  # the person is withdrawing at this moment, and then the decision is ignored
                "The fund grants an appointment that the procedure does not have. If it stays so, have the fund refuse the procedure."
            )
        if appointment.confirm():
            await self._appointments.save(appointment)
        return appointment
