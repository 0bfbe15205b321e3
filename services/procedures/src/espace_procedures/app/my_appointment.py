from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.ports import Appointments
from espace_procedures.domain.appointment import Appointment


class NoSuchAppointment(Exception):
    """The person has no such appointment."""


@dataclass(frozen=True, slots=True)
class MyAppointment:
    """An appointment as its person saw it when they acted. `version` None: they act on it however it stands."""

    appointment: UUID
    insured: InsuredId
    version: int | None = None

    async def load(self, appointments: Appointments) -> Appointment:
        """The appointment, still as it was seen. Raises NoSuchAppointment, VersionConflict."""
        appointment = await appointments.of(self.appointment)
        if appointment is None or appointment.insured != self.insured:
            raise NoSuchAppointment
        if self.version is not None and self.version != appointment.version:
            raise VersionConflict("The appointment was changed since the person saw it.")
        return appointment
