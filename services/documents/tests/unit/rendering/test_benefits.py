"""Statements and certificates of money and of leave: what they add up, how they write it, and what they refuse."""

from __future__ import annotations

import pytest

from espace_contracts.contents import BenefitPeriod, CertifiedLeave, DirectlyPaidAct, DirectPayment, PaidPeriod, StatementLine
from espace_documents.rendering import RenderingRefused
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.contents import ACT, BENEFIT_PERIOD, DIRECT_PAYMENT, LEAVE, PAID_PERIOD, STATEMENT_LINE
from espace_documents.rendering.language import languages

LANGUAGES = languages(ASSETS / "locales")
SERVICE = {
    "patient_name": "Mia Weber",
    "supplier": "Dr Anne Muller",
    "service_code": "C1",
    "service_on": "2025-12-19",
    "invoiced_cents": 6000,
    "tariff_cents": 5260,
    "participation_cents": 631,
    "refunded_cents": 4629,
}
CHILD = {
    "child_name": "Mia Weber",
    "date_of_birth": "2015-06-10",
    "band": "under_13",
    "minutes_of_a_day": 480,
    "entitled_minutes": 8640,
    "used_minutes": 0,
    "pending_minutes": 0,
    "remaining_minutes": 8640,
}
DIRECTLY_PAID = {
    "patient_name": "Mia Weber",
    "act_code": "C1",
    "tariff_cents": 5260,
    "fund_cents": 4629,
    "patient_cents": 631,
    "conveniences_cents": 740,
}
FEE_NOTE = {"doctor": "Dr Anne Muller", "paid_on": "2025-12-09", "transaction": "T-1", "acts": [DIRECTLY_PAID]}
HOSTILE = '<b>{{ 7 * 7 }}</b> %(x)s <img src="x"> &amp;'


@pytest.mark.parametrize(
    ("locale", "money", "amount", "less"),
    [
        ("fr", "1.234.567,80\u00a0€", "1.234.567,80", "\u2212420,33"),
        ("de", "1.234.567,80\u00a0€", "1.234.567,80", "\u2212420,33"),
        ("en", "€1,234,567.80", "1,234,567.80", "\u2212420.33"),
        ("lb", "1.234.567,80\u00a0€", "1.234.567,80", "\u2212420,33"),
    ],
)
def test_money_is_written_as_each_language_writes_it(locale, money, amount, less):
    language = LANGUAGES[locale]
    assert (language.money(123456780), language.amount(123456780), language.amount(-42033)) == (money, amount, less)


@pytest.mark.parametrize(
    ("locale", "minutes", "of_a_day", "written"),
    [
        ("fr", 1710, 480, "3 jours 4 heures 30 minutes"),
        ("fr", 1710, 456, "3 jours 5 heures 42 minutes"),
        ("de", 456, 456, "1 Tag"),
        ("de", 0, 480, "0 Tage"),
        ("en", 240, 480, "4 hours"),
        ("lb", 1440, 480, "3 Deeg"),
    ],
)
def test_leave_is_written_in_the_persons_own_working_days(locale, minutes, of_a_day, written):
    assert LANGUAGES[locale].duration(minutes, of_a_day).replace("\u00a0", " ") == written


async def test_a_statement_has_the_columns_that_the_fund_numbers_and_the_date_of_the_service(pool, sample, pages):
    (page,) = pages(await pool.render(sample("reimbursement_statement", "fr", size="smallest", content={"lines": [SERVICE]})))
    assert "Date de la prestation 1 Prestataire ou fournisseur 2 Prestation 3 Facturé 4 Tarif 5 Participation 6 Remboursé" in page
    assert "19/12/2025 Dr Anne Muller C1 60,00 52,60 6,31 46,29" in page
    assert "Mia Weber 7 R-2026-00318" in page
    assert "Total du décompte" not in page, "one person's total is the statement's"


async def test_a_statement_adds_up_each_person_and_all(pool, sample, pages):
    father = {**SERVICE, "patient_name": "Tom Weber", "tariff_cents": 1000, "participation_cents": 0, "refunded_cents": 1000}
    content = {"lines": [SERVICE, father, SERVICE], "participation_of_the_year_cents": None}
    said = " ".join(pages(await pool.render(sample("reimbursement_statement", "de", content=content))))
    assert "Summe für Mia Weber 120,00 105,20 12,62 92,58" in said
    assert "Summe für Tom Weber 60,00 10,00 0,00 10,00" in said
    assert "Summe der Abrechnung 180,00 115,20 12,62 102,58" in said
    assert "Wir überweisen 102,58 € auf Ihr Konto" in said
    assert "seit Jahresbeginn" not in said


async def test_a_statement_of_many_pages_says_on_each_whose_services_they_are(pool, sample, pages):
    document = await pool.render(sample("reimbursement_statement", "en", content={"lines": [SERVICE] * 200}))
    *tables, last = pages(document)
    assert len(tables) > 4
    assert all("Mia Weber 7 R-2026-00319" in page and "3 Invoiced 4 Tariff 5 Your share 6 Refunded" in page for page in tables)
    assert "Total for Mia Weber 12,000.00 10,520.00 1,262.00 9,258.00" in "".join((*tables, last))


@pytest.mark.parametrize(
    ("band", "written"),
    [("under_4", "bis zum 4. Geburtstag"), ("under_13", "vom 4. bis zum 13. Geburtstag"), ("under_18", "18. Geburtstag, bei Krankenhaus")],
)
async def test_a_certificate_of_leave_says_what_is_left_of_each_pool(pool, sample, pages, band, written):
    child = {**CHILD, "band": band, "minutes_of_a_day": 456, "used_minutes": 9000, "pending_minutes": 456, "remaining_minutes": 0}
    (page,) = pages(await pool.render(sample("family_leave_certificate", "de", content={"children": [child]})))
    assert written in page
    assert "ein Arbeitstag: 7 Stunden 36 Minuten" in page
    assert page.index("19 Tage") < page.index("1 Tag ") < page.index("0 Tage"), "used, not yet decided, remaining"
    assert "Musterlayout" in page


async def test_a_certificate_of_remuneration_leads_from_gross_to_net(pool, sample, pages):
    (page,) = pages(await pool.render(sample("remuneration_certificate", "fr", content={"tax_class": None})))
    assert "impôt 2025 présentation d" in page
    assert "Total 10.920,00" in page
    assert "Montant net versé 8.492,00" in page
    assert "impôt non connue de la caisse" in page


async def test_a_calculation_leads_from_the_days_to_what_is_paid(pool, sample, pages):
    (page,) = pages(await pool.render(sample("cash_benefit_calculation", "fr")))
    assert "1er décembre 2025 9 décembre 2025 9 142,37 1.281,33" in page
    assert "Total 24 3.445,38" in page
    assert "Cotisations sociales \u2212420,33 Impôt retenu \u2212327,31 Montant net versé 2.697,74" in page
    assert "Nous versons 2.697,74 € sur votre compte" in page


async def test_a_statement_of_direct_payments_adds_up_fee_notes_and_what_the_person_paid(pool, sample, pages):
    notes = [FEE_NOTE, {**FEE_NOTE, "acts": [DIRECTLY_PAID, DIRECTLY_PAID]}]
    said = " ".join(pages(await pool.render(sample("direct_payment_statement", "fr", content={"payments": notes}))))
    assert "Payé par la caisse 138,87 Part du patient dans le tarif 18,93 Convenances personnelles 22,20 Payé par vous 41,13" in said
    assert said.count("Total du mémoire d") == 1
    assert "honoraires 105,20 92,58 12,62 14,80" in said


async def test_that_nothing_can_be_claimed_again_is_marked_as_a_sample(pool, sample, pages):
    (page,) = pages(await pool.render(sample("direct_payment_statement", size="smallest")))
    assert "No second reimbursement sample text What was paid directly cannot be claimed again." in page


@pytest.mark.parametrize(
    ("document_type", "content"),
    [
        ("reimbursement_statement", {"lines": [{**SERVICE, "patient_name": HOSTILE, "supplier": HOSTILE, "service_code": "C1"}]}),
        ("family_leave_certificate", {"children": [{**CHILD, "child_name": HOSTILE}]}),
        ("remuneration_certificate", {"tax_class": HOSTILE}),
        ("direct_payment_statement", {"payments": [{**FEE_NOTE, "doctor": HOSTILE, "acts": [{**DIRECTLY_PAID, "patient_name": HOSTILE}]}]}),
    ],
)
async def test_a_name_is_only_ever_text(pool, sample, pages, document_type, content):
    said = "".join("".join(pages(await pool.render(sample(document_type, content=content)))).split())
    assert "".join(HOSTILE.split()) in said


REFUSED = {
    "a refund that is not the tariff less the share": (
        "reimbursement_statement",
        {"lines": [SERVICE, {**SERVICE, "refunded_cents": 4630}]},
        "'lines' has in row 2 a 'refunded_cents', which must be 'tariff_cents' less 'participation_cents'",
    ),
    "leave that remains beyond what is left": (
        "family_leave_certificate",
        {"children": [{**CHILD, "used_minutes": 1}]},
        "has in row 1 a 'remaining_minutes', which must be 'entitled_minutes' less 'used_minutes', and never below 0",
    ),
    "periods that are not the gross": (
        "remuneration_certificate",
        {"gross_cents": 1},
        "a 'gross_cents', which must be the sum of those in 'p",
    ),
    "a net that deductions do not leave": ("remuneration_certificate", {"net_cents": 1}, "a 'net_cents', which must be 'gross_cents' less"),
    "a payment that deductions do not leave": (
        "cash_benefit_calculation",
        {"net_cents": 1},
        "a 'net_cents', which must be 'gross_cents' less",
    ),
    "days that are not the gross": ("cash_benefit_calculation", {"gross_cents": 1}, "a 'gross_cents', which must be the sum"),
    "half a month": ("cash_benefit_calculation", {"month": "2025-12-02"}, "'month' must be the first day of a month"),
    "an act that is not paid by both": (
        "direct_payment_statement",
        {"payments": [{**FEE_NOTE, "acts": [{**DIRECTLY_PAID, "patient_cents": 632}]}]},
        "'payments' has in row 1 a 'acts', which has in row 1 a 'patient_cents', which must be 'tariff_cents' less 'fund_cents'",
    ),
    "a time that ends before it begins": ("direct_payment_statement", {"to_day": "2025-11-30"}, "a 'to_day', which must not be before"),
    "too many acts in all": (
        "direct_payment_statement",
        {"payments": [{**FEE_NOTE, "acts": [DIRECTLY_PAID] * 101}] * 2},
        "a 'payments', which must have at most 200 acts in all",
    ),
    "a bomb of rows": ("reimbursement_statement", {"lines": [SERVICE] * 50_000}, "'lines' must be 1 to 200 rows"),
    "half a cent": ("cash_benefit_calculation", {"basis_cents": 0.5}, "'basis_cents' must be a whole number from 0 to 99999999"),
    "a debt": ("cash_benefit_calculation", {"tax_cents": -1}, "'tax_cents' must be a whole number from 0"),
    "a day without work": ("family_leave_certificate", {"children": [{**CHILD, "minutes_of_a_day": 0}]}, "whole number from 1 to 1440"),
    "a year of another age": ("remuneration_certificate", {"year": 1984}, "'year' must be a whole number from 2000 to 2100"),
    "a band without a name": ("family_leave_certificate", {"children": [{**CHILD, "band": "under_99"}]}, "failed with UndefinedError"),
}


@pytest.mark.parametrize(("document_type", "content", "why"), REFUSED.values(), ids=REFUSED)
async def test_what_does_not_add_up_is_refused(pool, sample, document_type, content, why):
    with pytest.raises(RenderingRefused, match=why):
        await pool.render(sample(document_type, content=content))


@pytest.mark.parametrize(
    ("row", "shape"),
    [
        (StatementLine, STATEMENT_LINE),
        (CertifiedLeave, LEAVE),
        (PaidPeriod, PAID_PERIOD),
        (BenefitPeriod, BENEFIT_PERIOD),
        (DirectPayment, DIRECT_PAYMENT),
        (DirectlyPaidAct, ACT),
    ],
)
def test_the_rows_that_may_be_ordered_are_those_that_can_be_typeset(row, shape):
    assert set(shape) == set(row.model_fields)
