from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class LeaveBand(StrEnum):
    """The age of a child within which one pool of days is taken."""

    UNDER_4 = "under_4"
    UNDER_13 = "under_13"
    UNDER_18 = "under_18"


class CertifiedLeave(Value):
    """What is left of one pool for one child. All amounts in minutes; remaining = max(0, entitled - used)."""

    child_name: str
    date_of_birth: date
    band: LeaveBand
    minutes_of_a_day: int = Field(ge=1, le=1440)
    entitled_minutes: int = Field(ge=0)
    used_minutes: int = Field(ge=0)
    pending_minutes: int = Field(ge=0, description="declared, and not yet decided on")
    remaining_minutes: int = Field(ge=0)


class FamilyLeaveCertificate(Value):
    """Certificate of leave for family reasons (document 2)."""

    type: Literal[DocumentType.FAMILY_LEAVE_CERTIFICATE] = DocumentType.FAMILY_LEAVE_CERTIFICATE
    as_of: date
    children: tuple[CertifiedLeave, ...] = Field(min_length=1)
