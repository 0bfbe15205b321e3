from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class AbsenceReason(StrEnum):
    """Why the person is absent from work."""

    ILLNESS = "illness"
    ACCIDENT = "accident"
    FAMILY_LEAVE = "family_leave"


class Payer(StrEnum):
    """Who continues the pay."""

    EMPLOYER = "employer"
    FUND = "fund"


class PaymentChargeChange(Value):
    """Change of the compensation payment charge in the event of illness, accident or family leave (document 8)."""

    type: Literal[DocumentType.PAYMENT_CHARGE_CHANGE] = DocumentType.PAYMENT_CHARGE_CHANGE
    reason: AbsenceReason
    employer: str
    old_payer: Payer
    new_payer: Payer
    effective_on: date
    days_counted: int = Field(ge=0, description="days of incapacity within the reference period")
    reference_from: date
    reference_to: date
