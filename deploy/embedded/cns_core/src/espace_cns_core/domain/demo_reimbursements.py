"""What the fund reimbursed to the demo persons over two years, at the rates the CNS publishes for doctors, medicines and garments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from espace_cns_core.domain.demo_families import demo_members
from espace_cns_core.domain.demo_persons import demo_id
from espace_cns_core.domain.household import Covered, Household
from espace_cns_core.domain.person import Person
from espace_cns_core.domain.reimbursement import Reimbursement, ReimbursementLine, refund

_FIRST, _EVERY, _PROCESSING = date(2024, 12, 2), timedelta(days=29), timedelta(days=24)
_OF_AGE = timedelta(days=18 * 365.25)

_HOW_MANY = {"1983081246785": 25, "1990093012358": 6, "1979122003208": 4, "1984021500175": 3}
"""By matricule; Sophie Hoffmann has most."""


@dataclass(frozen=True)
class _Service:
    """Amounts in cents, rates in per cent. Codes but for C1 are sample data."""

    supplier: str
    code: str
    invoiced: int
    tariff: int
    rate: int
    rate_under_18: int

    def line(self, patient: Covered, on: date) -> ReimbursementLine:
        """The service given to this patient on that day."""
        under_18 = on - patient.identity.date_of_birth < _OF_AGE
        refunded = refund(self.tariff, self.rate_under_18 if under_18 else self.rate)
        return ReimbursementLine(
            patient=patient.insured,
            patient_name=patient.identity.full_name,
            supplier=self.supplier,
            service_code=self.code,
            service_on=on,
            invoiced=self.invoiced,
            tariff=self.tariff,
            participation=self.tariff - refunded,
            refunded=refunded,
        )


_SERVICES = (
    _Service("Cabinet médical Dr Anne Muller, Differdange", "C1", 6000, 5260, 88, 100),
    _Service("Pharmacie de la Gare, Oberkorn", "MED-80 (sample)", 2345, 2345, 80, 80),
    _Service("Cabinet dentaire Dr Paul Klein, Esch-sur-Alzette", "DENT-1 (sample)", 9850, 8125, 88, 100),
    _Service("Laboratoire du Sud, Esch-sur-Alzette", "LAB-1 (sample)", 4137, 4137, 88, 100),
    _Service("Centre de kinésithérapie, Pétange", "COMP-60 (sample)", 7999, 6450, 60, 60),
)


def demo_reimbursements_of(person: Person) -> Iterator[Reimbursement]:
    """The person's, oldest first."""
    return (_settled(person, number) for number in range(_HOW_MANY.get(person.identity.matricule, 0)))


def _settled(person: Person, number: int) -> Reimbursement:
    assert person.account is not None, "who is reimbursed has an account"
    settled_on = _FIRST + number * _EVERY
    patients = Household(person, demo_members(person), settled_on).covered
    lines = tuple(
        _SERVICES[(number + position) % len(_SERVICES)].line(
            patients[(number + position) % len(patients)], settled_on - _PROCESSING - timedelta(days=position)
        )
        for position in range(1 + number % 3)
    )
    return Reimbursement(
        id=demo_id(f"reimbursement/{person.id}/{number}"),
        insured=person.id,
        reference=f"{settled_on:%Y}-{number + 1:04d}",
        settled_on=settled_on,
        paid_to_iban_masked=person.account.masked_iban,
        lines=lines,
    ).settle()
