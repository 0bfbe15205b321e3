from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class DirectlyPaidAct(Value):
    """One act. Amounts in cents; tariff = fund + patient; conveniences come on top and are the patient's alone."""

    patient_name: str
    act_code: str
    tariff_cents: int = Field(ge=0)
    fund_cents: int = Field(ge=0)
    patient_cents: int = Field(ge=0)
    conveniences_cents: int = Field(ge=0)


class DirectPayment(Value):
    """One fee note that was paid on the spot."""

    doctor: str
    paid_on: date
    transaction: str
    acts: tuple[DirectlyPaidAct, ...] = Field(min_length=1)


class DirectPaymentStatement(Value):
    """Statement of services provided by means of direct coverage via PID (document 15). None of it can be claimed again."""

    type: Literal[DocumentType.DIRECT_PAYMENT_STATEMENT] = DocumentType.DIRECT_PAYMENT_STATEMENT
    reference: str
    from_day: date
    to_day: date
    payments: tuple[DirectPayment, ...] = Field(min_length=1)
