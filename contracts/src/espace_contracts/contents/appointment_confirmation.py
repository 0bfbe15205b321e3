from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from espace_contracts.vocabulary import AppointmentMode, DocumentType, Value


class AppointmentConfirmation(Value):
    """Confirmation of an appointment at a CNS agency."""

    type: Literal[DocumentType.APPOINTMENT_CONFIRMATION] = DocumentType.APPOINTMENT_CONFIRMATION
    procedure_reference: str
    agency_name: str
    agency_address: tuple[str, ...] = Field(description="line by line")
    subject: str = Field(description="what it is about, in the document's language")
    mode: AppointmentMode
    starts_at: AwareDatetime = Field(description="shown in the time of Luxembourg")
    minutes: int = Field(ge=5, description="how long it is meant to take")
    cancel_until: AwareDatetime = Field(description="up to when it can be moved or cancelled online")
