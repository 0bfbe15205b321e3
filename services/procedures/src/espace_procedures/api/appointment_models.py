"""What the routes of agencies and appointments take and show."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

from pydantic import BaseModel, Field

from espace_contracts.vocabulary import AppointmentMode
from espace_procedures.domain.appointment import AppointmentStatus

_SAMPLE = Field(description="the fields that are sample data, not the CNS's own")


class SubjectShown(BaseModel):
    """What an appointment can be about."""

    subject: str = Field(description="permanent code")
    name: str
    modes: list[AppointmentMode]
    sample: list[str] = _SAMPLE


class OpeningShown(BaseModel):
    """One opening of a week, in the time of Luxembourg."""

    weekday: int = Field(ge=1, le=7, description="1 is Monday, as in ISO 8601")
    opens: time
    closes: time


class AgencyShown(BaseModel):
    """A place of the CNS."""

    agency: str = Field(description="permanent code")
    name: str
    address: list[str] = Field(description="line by line")
    modes: list[AppointmentMode]
    hours: list[OpeningShown] = Field(description="never on a public holiday of Luxembourg")
    sample: list[str] = _SAMPLE


class AgenciesShown(BaseModel):
    """Where the CNS receives, and about what."""

    agencies: list[AgencyShown]
    subjects: list[SubjectShown]
    slot_minutes: int
    cancel_hours: int = Field(description="up to how many hours before its start an appointment can be moved or cancelled online")
    horizon_days: int = Field(description="how many days ahead appointments can be made")


class SlotShown(BaseModel):
    """A time that is offered."""

    starts_at: datetime = Field(description="UTC; this text is the answer `slot` of the procedure")
    free: int = Field(ge=1, description="how many persons it still takes")


class SlotsShown(BaseModel):
    """The times an agency still offers."""

    agency: str
    modes: list[AppointmentMode] = Field(description="how the subject can be dealt with there; all modes of the agency without a subject")
    minutes: int
    slots: list[SlotShown]


class MoveRequest(BaseModel):
    """Another time at the same agency."""

    slot: str = Field(description="the start, as the agency's slots give it", max_length=40, examples=["2026-03-04T08:30:00Z"])


class AppointmentShown(BaseModel):
    """An appointment that the person made with a login."""

    id: UUID = Field(description="also the id of its procedure")
    reference: str = Field(description="what to call it by on the telephone")
    status: AppointmentStatus
    agency: str
    agency_name: str
    agency_address: list[str]
    subject: str
    subject_name: str
    mode: AppointmentMode
    starts_at: datetime
    minutes: int
    cancel_until: datetime = Field(description="up to when it can be moved or cancelled online")
    can_be_changed: bool = Field(description="whether it can be moved or cancelled now")
    version: int = Field(description="goes into If-Match; the ETag is the same number between quotation marks")


class AppointmentsShown(BaseModel):
    """A person's appointments, the next first."""

    appointments: list[AppointmentShown]
