from __future__ import annotations

from datetime import date

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import BENEFITS
from espace_contracts.vocabulary import InsuredId, ReimbursementId, RunId, Value


class ReimbursementLine(Value):
    """One service on a reimbursement statement. All amounts in cents; refunded = tariff - participation."""

    patient: InsuredId
    patient_name: str
    supplier: str = Field(description="who gave the service")
    service_code: str = Field(description="by the nomenclature")
    service_on: date
    invoiced_cents: int = Field(ge=0)
    tariff_cents: int = Field(ge=0, description="the base of the reimbursement: without what is never refunded")
    participation_cents: int = Field(ge=0, description="the person's statutory share")
    refunded_cents: int = Field(ge=0)


class ReimbursementSettled(Event, type="lu.cns.benefits.reimbursement.settled.v1", topic=BENEFITS, subject="reimbursement"):
    """The fund settled invoices and pays. Written once per reimbursement."""

    reimbursement: ReimbursementId
    reference: str
    settled_on: date
    paid_to_iban_masked: str
    lines: tuple[ReimbursementLine, ...] = Field(min_length=1)
    participation_of_the_year_cents: int | None = Field(None, ge=0, description="the person's share so far this year")
    run: RunId | None = Field(None, description="one of many of this run, which wait behind single ones")
