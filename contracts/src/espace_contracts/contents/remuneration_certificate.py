from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class PaidPeriod(Value):
    """Days for which cash benefits were paid, both included."""

    first_day: date
    last_day: date
    gross_cents: int = Field(ge=0)


class RemunerationCertificate(Value):
    """Certificate of remuneration and tax deduction (document 3), for a year in which the fund paid cash benefits. Amounts in cents."""

    type: Literal[DocumentType.REMUNERATION_CERTIFICATE] = DocumentType.REMUNERATION_CERTIFICATE
    year: int = Field(ge=2000, le=2100)
    periods: tuple[PaidPeriod, ...] = Field(min_length=1)
    gross_cents: int = Field(ge=0)
    health_cents: int = Field(ge=0, description="contribution to health insurance")
    pension_cents: int = Field(ge=0, description="contribution to pension insurance")
    dependency_cents: int = Field(ge=0, description="contribution to dependency insurance")
    taxable_cents: int = Field(ge=0)
    tax_cents: int = Field(ge=0, description="tax withheld")
    net_cents: int = Field(ge=0)
    tax_class: str | None
