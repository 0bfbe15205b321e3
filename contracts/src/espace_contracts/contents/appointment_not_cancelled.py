from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from espace_contracts.vocabulary import AppointmentMode, DocumentType, Value


class AppointmentNotCancelled(Value):
    """Confirmation that an appointment booked online cannot be cancelled (document 13)."""

    type: Literal[DocumentType.APPOINTMENT_NOT_CANCELLED] = DocumentType.APPOINTMENT_NOT_CANCELLED
    procedure_reference: str
    agency_name: str
    agency_address: tuple[str, ...] = Field(description="line by line")
    subject: str = Field(description="what it is about, in the document's language")
    mode: AppointmentMode
    starts_at: AwareDatetime = Field(description="shown in the time of Luxembourg")
    asked_at: AwareDatetime = Field(description="when the person asked to cancel")
    cancel_until: AwareDatetime = Field(description="up to when cancelling online was possible")
