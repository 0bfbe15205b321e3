from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class BenefitPeriod(Value):
    """Days of one month for which the benefit is paid."""

    first_day: date
    last_day: date
    days: int = Field(ge=1, le=31)
    daily_cents: int = Field(ge=0)
    gross_cents: int = Field(ge=0)


class CashBenefitCalculation(Value):
    """Details of the monthly cash benefit calculation (document 7). Amounts in cents."""

    type: Literal[DocumentType.CASH_BENEFIT_CALCULATION] = DocumentType.CASH_BENEFIT_CALCULATION
    month: date = Field(description="its first day")
    basis_cents: int = Field(ge=0, description="the monthly gross that the benefit is calculated from")
    periods: tuple[BenefitPeriod, ...] = Field(min_length=1)
    gross_cents: int = Field(ge=0)
    contributions_cents: int = Field(ge=0)
    tax_cents: int = Field(ge=0)
    net_cents: int = Field(ge=0)
    paid_to_iban_masked: str
