"""What the fund pays back of invoices. All amounts are in cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from espace_kernel.aggregate import Aggregate

_PERCENT = 100


@dataclass(frozen=True, kw_only=True)
class ReimbursementLine:
    """One service. What exceeds the tariff is never refunded; of the tariff the person bears the participation."""

    patient: UUID
    patient_name: str
    supplier: str
    service_code: str
    service_on: date
    invoiced: int
    tariff: int
    participation: int
    refunded: int


@dataclass(frozen=True)
class Settled:
    """The fund settled and pays."""

    reimbursement: Reimbursement


@dataclass(kw_only=True)
class Reimbursement(Aggregate):
    """Invoices settled together and paid with one transfer. It never changes. `run`: it is one of many of this run."""

    insured: UUID
    reference: str
    settled_on: date
    paid_to_iban_masked: str
    lines: tuple[ReimbursementLine, ...]
    run: UUID | None = None

    def settle(self) -> Self:
        """Say that it is settled, once and for all."""
        self.record(Settled(self))
        return self


def refund(tariff: int, percent: int) -> int:
    """What the fund pays of a tariff at this rate: cents, half a cent rounded up."""
    return (2 * tariff * percent + _PERCENT) // (2 * _PERCENT)
