from __future__ import annotations

from datetime import datetime
from uuid import UUID

from espace_procedures.app.my_appointment import MyAppointment
from espace_procedures.app.ports import Appointments, Clock
from espace_procedures.domain.answers import Finding
from espace_procedures.domain.appointment import NO_SUCH_TIME, SLOT_TAKEN, Appointment, Slot, slot_error, start_in
from espace_procedures.domain.appointment_refusals import CannotBeMoved
from espace_procedures.domain.refusals import AnswersToCorrect
from espace_procedures.domain.sentences import Sentence


class MoveAppointment:
    """Give an appointment another time at the same agency. The old slot is free in the moment the new one is held, and not before."""

    def __init__(self, appointments: Appointments, clock: Clock) -> None:
        self._appointments, self._clock = appointments, clock

    async def __call__(self, mine: MyAppointment, start: str, request: UUID) -> Appointment:
        """Raises NoSuchAppointment, VersionConflict, AnswersToCorrect for the slot, and the Refusal that says why it stays."""
        appointment = await MyAppointment(mine.appointment, mine.insured).load(self._appointments)
        if request in appointment.moves:
            return appointment
        appointment = await mine.load(self._appointments)
        now = self._clock()
        appointment.must_lie_ahead(now)
        if not appointment.can_be_changed(now):
            raise CannotBeMoved(appointment.locale)
        slot = _slot(appointment, start, now)
        if slot == appointment.slot:
            return appointment
        appointment.move(slot, request)
        if not await self._appointments.take_another(appointment):
            raise _wrong(appointment, SLOT_TAKEN)
        return appointment


def _slot(appointment: Appointment, start: str, now: datetime) -> Slot:
    moment = start_in(start)
    if moment is None:
        raise _wrong(appointment, NO_SUCH_TIME)
    slot = Slot(appointment.slot.agency, moment)
    if error := slot_error(slot, now):
        raise _wrong(appointment, error)
    return slot


def _wrong(appointment: Appointment, sentence: Sentence) -> AnswersToCorrect:
    return AnswersToCorrect(appointment.locale, (Finding("slot", sentence),))
