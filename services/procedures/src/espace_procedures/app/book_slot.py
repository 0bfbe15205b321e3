from __future__ import annotations

from uuid import UUID, uuid5

from espace_contracts.vocabulary import AppointmentMode, InsuredId, ProcedureKind
from espace_procedures.app.ports import Appointments, Clock
from espace_procedures.domain.agencies import AGENCIES
from espace_procedures.domain.answers import Finding
from espace_procedures.domain.appointment import SLOT_TAKEN, Appointment, AppointmentStatus, Slot, findings_on, start_in
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.refusals import AnswersToCorrect


class BookSlot:
    """Hold the slot that a procedure asks for, in the moment of its submission and before it is saved.

    If it is never saved, the slot is swept free. A procedure holds one slot: submitted again with another, it gives the first one back.
    """

    def __init__(self, appointments: Appointments, clock: Clock) -> None:
        self._appointments, self._clock = appointments, clock

    async def __call__(self, procedure: Procedure, insured: InsuredId | None) -> None:
        """`insured` is None without a login. Does nothing for a procedure of another kind.

        Raises AnswersToCorrect when the slot cannot be had, VersionConflict when the same procedure is submitted twice at once.
        """
        if procedure.kind is not ProcedureKind.AGENCY_APPOINTMENT:
            return
        wanted = self._wanted(procedure, insured)
        there = await self._appointments.of(procedure.id)
        if there is None and await self._appointments.take(wanted):
            return
        there = there or await self._appointments.of(procedure.id)
        if there is None or not await self._held(there, wanted):
            raise AnswersToCorrect(procedure.locale, (Finding("slot", SLOT_TAKEN),))

    def _wanted(self, procedure: Procedure, insured: InsuredId | None) -> Appointment:
        answers, now = procedure.answers, self._clock()
        if wrong := tuple(findings_on(answers, now)):
            raise AnswersToCorrect(procedure.locale, wrong)
        start = start_in(answers["slot"])
        assert start is not None, "the definition takes a start only"
        return Appointment(
            id=procedure.id,
            insured=insured,
            locale=procedure.locale,
            reference=procedure.reference,
            subject=answers["subject"],
            mode=AppointmentMode(answers["mode"]),
            slot=Slot(answers["agency"], start),
            minutes=AGENCIES.slot_minutes,
            booked_at=now,
        )

    async def _held(self, there: Appointment, wanted: Appointment) -> bool:
        """Whether the procedure's appointment is, or becomes, the one that is wanted."""
        there.locale, there.subject, there.mode, there.booked_at = wanted.locale, wanted.subject, wanted.mode, wanted.booked_at
        if there.status is AppointmentStatus.REQUESTED and there.slot == wanted.slot:
            await self._appointments.save(there)
            return True
        there.status = AppointmentStatus.REQUESTED
        there.move(wanted.slot, _request_of(wanted))
        return await self._appointments.take_another(there)


def _request_of(wanted: Appointment) -> UUID:
    return uuid5(wanted.id, wanted.slot.key(0))
