"""Sample benefits, one of each kind: invented, of the form that the fund's are, with amounts in cents that add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from espace_cns_core.domain.person import Person
from espace_cns_core.domain.reimbursement import ReimbursementLine, refund
from espace_contracts.contents import (
    AbsenceReason,
    BenefitContent,
    BenefitPeriod,
    CashBenefitCalculation,
    CertifiedLeave,
    DirectlyPaidAct,
    DirectPayment,
    DirectPaymentStatement,
    FamilyLeaveCertificate,
    HouseholdSickPayNotice,
    IdentificationNumberMissing,
    JointCommitteeNotification,
    LateDeclarationWarning,
    LeaveBand,
    PaidPeriod,
    PaperKind,
    Payer,
    PaymentChargeChange,
    Redeployment,
    RemunerationCertificate,
)
from espace_contracts.vocabulary import DocumentType, Locale

_DAY = timedelta(days=1)
_REASONS = {
    Locale.FRENCH: "La commission a pris connaissance de l'avis du médecin du travail.\nElle décide un reclassement interne (exemple).",
    Locale.GERMAN: "Der Ausschuss hat das Gutachten des Arbeitsarztes geprüft.\nEr beschließt eine interne Wiedereingliederung (Beispiel).",
    Locale.ENGLISH: "The committee has read the opinion of the occupational doctor.\nIt decides on an internal redeployment (sample).",
    Locale.LUXEMBOURGISH: "D'Kommissioun huet den Avis vum Aarbechtsdokter gekuckt.\nSi decidéiert en internt Reclassement (Beispill).",
}


def sample_content(kind: DocumentType, person: Person, today: date) -> BenefitContent:
    """A benefit of this person, told today. Raises KeyError for a kind that is no benefit, or the reimbursement statement."""
    return _SAMPLES[kind](person, today)


def sample_lines(person: Person, today: date) -> tuple[ReimbursementLine, ...]:
    """Services to the person that are reimbursed today: from one to four, by the person, who always has as many."""
    given = _SERVICES[: 1 + person.id.int % len(_SERVICES)]
    return tuple(_line(person, today - (30 + 7 * number) * _DAY, service) for number, service in enumerate(given))


def _line(person: Person, on: date, service: tuple[str, str, int, int, int]) -> ReimbursementLine:
    supplier, code, invoiced, tariff, rate = service
    refunded = refund(tariff, rate)
    return ReimbursementLine(
        patient=person.id, patient_name=person.identity.full_name, supplier=supplier, service_code=code, service_on=on,
        invoiced=invoiced, tariff=tariff, participation=tariff - refunded, refunded=refunded,
    )  # fmt: skip


_SERVICES = (
    ("Cabinet médical Dr Anne Muller, Differdange", "C1", 6000, 5260, 88),
    ("Pharmacie de la Gare, Oberkorn", "MED-80 (sample)", 2345, 2345, 80),
    ("Laboratoire du Sud, Esch-sur-Alzette", "LAB-1 (sample)", 4137, 4137, 88),
    ("Centre de kinésithérapie, Pétange", "COMP-60 (sample)", 7999, 6450, 60),
)
"""Supplier, code, invoiced and tariff in cents, rate in per cent. Codes but for C1 are sample data."""


def _month_before(today: date) -> tuple[date, date]:
    last = today.replace(day=1) - _DAY
    return last.replace(day=1), last


def _account(person: Person) -> str:
    return person.account.masked_iban if person.account else "LU•• •••• •••• •••• 0000"


def _cash_benefit(person: Person, today: date) -> CashBenefitCalculation:
    first, last = _month_before(today)
    daily, middle = 14_000, first + 14 * _DAY
    spans = ((first, middle), (middle + _DAY, last))
    periods = tuple(
        BenefitPeriod(first_day=begin, last_day=end, days=days, daily_cents=daily, gross_cents=days * daily)
        for begin, end in spans
        for days in ((end - begin).days + 1,)
    )
    gross = sum(period.gross_cents for period in periods)
    contributions, tax = gross * 122 // 1000, gross * 95 // 1000
    return CashBenefitCalculation(
        month=first, basis_cents=30 * daily, periods=periods, gross_cents=gross, contributions_cents=contributions, tax_cents=tax,
        net_cents=gross - contributions - tax, paid_to_iban_masked=_account(person),
    )  # fmt: skip


def _remuneration(_person: Person, today: date) -> RemunerationCertificate:
    year = today.year - 1
    spans = ((date(year, 2, 3), date(year, 3, 14), 588_000), (date(year, 10, 1), date(year, 10, 31), 434_000))
    gross = sum(cents for _, _, cents in spans)
    health, pension, dependency = gross * 305 // 10_000, gross * 80 // 1000, gross * 14 // 1000
    taxable = gross - health - pension
    tax = taxable * 11 // 100
    return RemunerationCertificate(
        year=year, periods=tuple(PaidPeriod(first_day=begin, last_day=end, gross_cents=cents) for begin, end, cents in spans),
        gross_cents=gross, health_cents=health, pension_cents=pension, dependency_cents=dependency, taxable_cents=taxable, tax_cents=tax,
        net_cents=gross - health - pension - dependency - tax, tax_class="1a",
    )  # fmt: skip


def _direct_payment(person: Person, today: date) -> DirectPaymentStatement:
    first, last = _month_before(today)
    tariff, conveniences = 5260, 740
    fund = refund(tariff, 88)
    act = DirectlyPaidAct(
        patient_name=person.identity.full_name, act_code="C1", tariff_cents=tariff, fund_cents=fund, patient_cents=tariff - fund,
        conveniences_cents=conveniences,
    )  # fmt: skip
    payment = DirectPayment(
        doctor="Dr Anne Muller, Differdange", paid_on=first + 9 * _DAY, transaction=f"PID-{first:%Y%m}-0001", acts=(act,)
    )
    return DirectPaymentStatement(reference=f"PID-{first:%Y-%m}", from_day=first, to_day=last, payments=(payment,))


def _family_leave(_person: Person, today: date) -> FamilyLeaveCertificate:
    day, entitled, used = 480, 12 * 480, 4 * 480
    child = CertifiedLeave(
        child_name="Noa Test (sample)", date_of_birth=date(today.year - 3, 5, 10), band=LeaveBand.UNDER_4, minutes_of_a_day=day,
        entitled_minutes=entitled, used_minutes=used, pending_minutes=day, remaining_minutes=entitled - used,
    )  # fmt: skip
    return FamilyLeaveCertificate(as_of=today, children=(child,))


def _household_notice(_person: Person, today: date) -> HouseholdSickPayNotice:
    first, _ = _month_before(today)
    return HouseholdSickPayNotice(
        employee_name="Maria Exemple (sample)", month=first, absent_from=first + 4 * _DAY, absent_to=first + 11 * _DAY,
        request_reference=f"MEN-{first:%Y-%m}-0001",
    )  # fmt: skip


def _number_missing(_person: Person, today: date) -> IdentificationNumberMissing:
    return IdentificationNumberMissing(
        paper=PaperKind.INVOICE, received_on=today - 2 * _DAY, issued_by="Clinique Exemple, Metz (sample)", issued_on=today - 12 * _DAY
    )


def _joint_committee(person: Person, today: date) -> JointCommitteeNotification:
    return JointCommitteeNotification(
        file_reference=f"CM-{today:%Y}-00042 (sample)", decided_on=today - 3 * _DAY, decision=Redeployment.INTERNAL, effective_on=today,
        benefits_end_on=today, reasons=_REASONS[person.locale],
    )  # fmt: skip


def _late_declaration(_person: Person, today: date) -> LateDeclarationWarning:
    return LateDeclarationWarning(absent_from=today - 12 * _DAY, due_on=today - 9 * _DAY, received_on=today - 5 * _DAY)


def _payment_charge(_person: Person, today: date) -> PaymentChargeChange:
    effective = today.replace(day=1)
    reference_to = effective - _DAY
    return PaymentChargeChange(
        reason=AbsenceReason.ILLNESS, employer="Exemple S.A. (sample)", old_payer=Payer.EMPLOYER, new_payer=Payer.FUND,
        effective_on=effective, days_counted=81, reference_from=reference_to - 545 * _DAY, reference_to=reference_to,
    )  # fmt: skip


_SAMPLES: Mapping[DocumentType, Callable[[Person, date], BenefitContent]] = {
    DocumentType.CASH_BENEFIT_CALCULATION: _cash_benefit,
    DocumentType.DIRECT_PAYMENT_STATEMENT: _direct_payment,
    DocumentType.FAMILY_LEAVE_CERTIFICATE: _family_leave,
    DocumentType.HOUSEHOLD_SICK_PAY_NOTICE: _household_notice,
    DocumentType.IDENTIFICATION_NUMBER_MISSING: _number_missing,
    DocumentType.JOINT_COMMITTEE_NOTIFICATION: _joint_committee,
    DocumentType.LATE_DECLARATION_WARNING: _late_declaration,
    DocumentType.PAYMENT_CHARGE_CHANGE: _payment_charge,
    DocumentType.REMUNERATION_CERTIFICATE: _remuneration,
}
BENEFIT_KINDS = (DocumentType.REIMBURSEMENT_STATEMENT, *_SAMPLES)
"""The documents that a benefit leads to."""
