"""What the fund paid back. All amounts are in cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from espace_contracts.vocabulary import InsuredId, ReimbursementId
from espace_kernel.outcomes import NeverWorks


@dataclass(frozen=True, kw_only=True, slots=True)
class Amounts:
    """What exceeds the tariff is never refunded, and of the tariff the person bears the participation."""

    invoiced: int
    tariff: int
    participation: int
    refunded: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ReimbursementLine(Amounts):
    """One service, with its amounts."""

    patient: InsuredId
    patient_name: str
    supplier: str
    service_code: str
    service_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Reimbursement:
    """One settlement: invoices the fund settled together and paid with one transfer. It never changes."""

    id: ReimbursementId
    insured: InsuredId
    reference: str
    settled_on: date
    paid_to_iban_masked: str
    lines: tuple[ReimbursementLine, ...]
    as_of: datetime
    """When the fund told it."""

    def __post_init__(self) -> None:
        if any(line.refunded != line.tariff - line.participation for line in self.lines):
            raise NeverWorks("A line refunds something else than its tariff less the participation. Have the fund correct the amounts.")

    @property
    def total(self) -> Amounts:
        """The sums, made here from the lines so that they cannot differ from them."""
        return Amounts(
            invoiced=sum(line.invoiced for line in self.lines),
            tariff=sum(line.tariff for line in self.lines),
            participation=sum(line.participation for line in self.lines),
            refunded=sum(line.refunded for line in self.lines),
        )
