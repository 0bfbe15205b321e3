from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Response

from espace_contracts.vocabulary import Locale
from espace_kernel.access import Insured
from espace_kernel.clock import utc_now
from espace_kernel.idempotency import EffectId
from espace_kernel.problems import NotFound, Stale
from espace_procedures.api.appointment_models import (
    AgenciesShown,
    AgencyShown,
    AppointmentShown,
    AppointmentsShown,
    MoveRequest,
    OpeningShown,
    SlotShown,
    SlotsShown,
    SubjectShown,
)
from espace_procedures.api.refusals import ProcedureRoute, problems
from espace_procedures.app.my_appointment import MyAppointment
from espace_procedures.app.use_cases import UseCases
from espace_procedures.domain.agencies import AGENCIES, Agency, Subject, local_day
from espace_procedures.domain.appointment import Appointment

_DAYS_SHOWN = timedelta(days=13)

AppointmentInPath = Annotated[UUID, Path(alias="appointment", description="the id of the appointment, which is that of its procedure")]
LocaleAsked = Annotated[Locale, Query(alias="locale", description="the language to show it in")]
_IfMatch = Annotated[str | None, Header(alias="If-Match", description='the ETag that the appointment was read with, such as "3"')]


def _mine(appointment_id: AppointmentInPath, insured: Insured, if_match: _IfMatch = None) -> MyAppointment:
    if if_match is None or if_match == "*":
        return MyAppointment(appointment_id, insured)
    version = if_match.strip('"')
    if not version.isdecimal():
        raise Stale
    return MyAppointment(appointment_id, insured, int(version))


Mine = Annotated[MyAppointment, Depends(_mine)]


def agency_routes(do: UseCases) -> APIRouter:
    """Where the CNS receives and when; nobody's secret, so without a login."""
    router = APIRouter(prefix="/api/v1/agencies", tags=["appointments"])

    @router.get("", operation_id="listAgencies", summary="The agencies of the CNS, and what they are visited for", responses=problems(422))
    async def list_agencies(locale: LocaleAsked = Locale.FRENCH) -> AgenciesShown:
        return AgenciesShown(
            agencies=[_agency(agency) for agency in AGENCIES.agencies.values()],
            subjects=[_subject(subject, locale) for subject in AGENCIES.subjects.values()],
            slot_minutes=AGENCIES.slot_minutes,
            cancel_hours=AGENCIES.cancel_before // timedelta(hours=1),
            horizon_days=AGENCIES.horizon.days,
        )

    @router.get(
        "/{agency}/slots", operation_id="listSlots", summary="The times an agency still offers", responses=problems(404, 422)
    )  # fmt: skip
    async def list_slots(
        agency_code: Annotated[str, Path(alias="agency", description="the code of the agency")],
        first: Annotated[date | None, Query(alias="from", description="first day, in Luxembourg; today when missing")] = None,
        last: Annotated[date | None, Query(alias="to", description="last day; two weeks in all when missing")] = None,
        subject_code: Annotated[str | None, Query(alias="subject", description="what it is about")] = None,
    ) -> SlotsShown:
        agency = AGENCIES.agencies.get(agency_code)
        subject = AGENCIES.subjects.get(subject_code) if subject_code is not None else None
        if agency is None or (subject_code is not None and subject is None):
            raise NotFound("agency" if agency is None else "subject of an appointment")
        first = first or local_day(utc_now())
        found = await do.find_slots(agency, (first, last or _days_after(first)))
        return SlotsShown(
            agency=agency.code,
            modes=list(AGENCIES.modes(agency, subject) if subject else agency.modes),
            minutes=AGENCIES.slot_minutes,
            slots=[SlotShown(starts_at=slot.starts_at, free=slot.free) for slot in found],
        )

    return router


def routes(do: UseCases) -> APIRouter:
    """The appointments a person made with a login."""
    router = APIRouter(prefix="/api/v1/appointments", tags=["appointments"], route_class=ProcedureRoute)

    @router.get("", operation_id="listAppointments", summary="My appointments", responses=problems(401, 403, 422))
    async def list_appointments(insured: Insured, locale: LocaleAsked = Locale.FRENCH) -> AppointmentsShown:
        return AppointmentsShown(appointments=[_shown(appointment, locale) for appointment in await do.list_appointments(insured)])

    @router.get("/{appointment}", operation_id="getAppointment", summary="One of my appointments", responses=problems(401, 403, 404, 422))
    async def get_appointment(
        appointment_id: AppointmentInPath, insured: Insured, response: Response, locale: LocaleAsked = Locale.FRENCH
    ) -> AppointmentShown:
        return _tagged(await do.read_appointment(MyAppointment(appointment_id, insured)), locale, response)

    @router.post(
        "/{appointment}/moves", operation_id="moveAppointment", summary="Move an appointment to another time", status_code=201,
        responses=problems(400, 401, 403, 404, 409, 412, 422),
    )  # fmt: skip
    async def move_appointment(
        mine: Mine, body: MoveRequest, effect_id: EffectId, response: Response, locale: LocaleAsked = Locale.FRENCH
    ) -> AppointmentShown:
        return _tagged(await do.move_appointment(mine, body.slot, effect_id), locale, response)

    @router.delete(
        "/{appointment}", operation_id="cancelAppointment", summary="Cancel an appointment", status_code=204,
        description="After the cut-off the appointment stays: the answer is 409, and a document confirms it once.",
        responses=problems(401, 403, 404, 409, 412, 422),
    )  # fmt: skip
    async def cancel_appointment(mine: Mine) -> None:
        await do.cancel_appointment(mine)

    return router


def _days_after(first: date) -> date:
    return min(first, date.max - _DAYS_SHOWN) + _DAYS_SHOWN


def _agency(agency: Agency) -> AgencyShown:
    return AgencyShown(
        agency=agency.code,
        name=agency.name,
        address=list(agency.address),
        modes=list(agency.modes),
        hours=[
            OpeningShown(weekday=weekday + 1, opens=opens, closes=closes)
            for weekday, openings in sorted(agency.hours.items())
            for opens, closes in openings
        ],
        sample=list(agency.sample),
    )


def _subject(subject: Subject, locale: Locale) -> SubjectShown:
    return SubjectShown(subject=subject.code, name=subject.names[locale], modes=list(subject.modes), sample=list(subject.sample))


def _tagged(appointment: Appointment, locale: Locale, response: Response) -> AppointmentShown:
    response.headers["ETag"] = f'"{appointment.version}"'
    return _shown(appointment, locale)


def _shown(appointment: Appointment, locale: Locale) -> AppointmentShown:
    return AppointmentShown(
        id=appointment.id,
        reference=appointment.reference,
        status=appointment.status,
        agency=appointment.agency.code,
        agency_name=appointment.agency.name,
        agency_address=list(appointment.agency.address),
        subject=appointment.subject,
        subject_name=appointment.about.names[locale],
        mode=appointment.mode,
        starts_at=appointment.slot.starts_at,
        minutes=appointment.minutes,
        cancel_until=appointment.cancel_until,
        can_be_changed=appointment.can_be_changed(utc_now()),
        version=appointment.version,
    )
