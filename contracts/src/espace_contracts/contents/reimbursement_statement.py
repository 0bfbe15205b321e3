from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class StatementLine(Value):
    """One service. All amounts in cents; refunded = tariff - participation."""

    patient_name: str
    supplier: str
    service_code: str = Field(description="by the nomenclature")
    service_on: date
    invoiced_cents: int = Field(ge=0)
    tariff_cents: int = Field(ge=0)
    participation_cents: int = Field(ge=0)
    refunded_cents: int = Field(ge=0)


class ReimbursementStatement(Value):
    """Reimbursement statement (document 1). The columns are those that the fund numbers on its own statements."""

    type: Literal[DocumentType.REIMBURSEMENT_STATEMENT] = DocumentType.REIMBURSEMENT_STATEMENT
    reference: str
    settled_on: date
    paid_to_iban_masked: str
    participation_of_the_year_cents: int | None = Field(ge=0, description="the person's share so far this year; None when not told")
    lines: tuple[StatementLine, ...] = Field(min_length=1)
