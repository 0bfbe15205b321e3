"""What the fund tells about sick leave, redeployment and papers: letters with few fields and much at stake."""

from __future__ import annotations

import pytest

from espace_contracts.contents import AbsenceReason, PaperKind, Payer, Redeployment
from espace_documents.rendering import RenderingRefused

NOTICES = [
    "payment_charge_change",
    "late_declaration_warning",
    "identification_number_missing",
    "joint_committee_notification",
    "household_sick_pay_notice",
]


@pytest.mark.parametrize("notice", NOTICES)
async def test_a_layout_that_the_fund_has_not_given_is_marked_as_a_sample(pool, sample, pages, notice):
    (page,) = pages(await pool.render(sample(notice)))
    assert "sample layout" in page


PAYERS = {
    (Payer.EMPLOYER, Payer.FUND): "Bisher Ihr Arbeitgeber Ab dem 1. Februar 2026 Gesundheitskasse (CNS)",
    (Payer.FUND, Payer.EMPLOYER): "Bisher Gesundheitskasse (CNS) Ab dem 1. Februar 2026 Ihr Arbeitgeber",
}


@pytest.mark.parametrize(("payers", "said"), PAYERS.items())
async def test_a_change_of_charge_says_who_paid_and_who_pays(pool, sample, pages, payers, said):
    content = {"old_payer": payers[0].value, "new_payer": payers[1].value}
    (page,) = pages(await pool.render(sample("payment_charge_change", "de", content=content)))
    assert said in page
    assert "Wir informieren auch Ihren Arbeitgeber" in page


REASONS = {
    AbsenceReason.ILLNESS: "Krankheit",
    AbsenceReason.ACCIDENT: "Unfall",
    AbsenceReason.FAMILY_LEAVE: "Urlaub aus familiären Gründen",
}


@pytest.mark.parametrize("reason", AbsenceReason)
async def test_a_change_of_charge_names_the_reason_and_the_days_counted(pool, sample, pages, reason):
    (page,) = pages(await pool.render(sample("payment_charge_change", "de", content={"reason": reason.value, "days_counted": 0})))
    assert f"Grund der Abwesenheit {REASONS[reason]}" in page
    assert "Bezugszeitraum 1. August 2024 bis 31. Januar 2026 Tage der Arbeitsunfähigkeit 0" in page


async def test_a_warning_says_when_the_certificate_was_due_and_what_counts(pool, sample, pages):
    (page,) = pages(await pool.render(sample("late_declaration_warning")))
    assert "First day of the absence 5 January 2026 Certificate due on 7 January 2026 Certificate received on 13 January 2026" in page
    assert "due at the fund by the third working day. The postmark counts" in page


async def test_what_follows_from_a_late_declaration_is_marked_as_a_sample(pool, sample, pages):
    (page,) = pages(await pool.render(sample("late_declaration_warning")))
    assert "What follows from a late declaration sample text" in page
    assert "Legal remedies sample text" in page


@pytest.mark.parametrize(("paper", "said"), [(PaperKind.CERTIFICATE, "Kind Certificate"), (PaperKind.INVOICE, "Kind Invoice")])
async def test_only_on_a_certificate_may_the_number_be_added_outside_the_doctors_area(pool, sample, pages, paper, said):
    (page,) = pages(await pool.render(sample("identification_number_missing", content={"paper": paper.value})))
    assert said in page
    assert ("outside the area that the doctor fills in" in page) == (paper is PaperKind.CERTIFICATE)


async def test_a_paper_is_dated_by_itself_and_not_by_the_letter(pool, sample, pages):
    (page,) = pages(await pool.render(sample("identification_number_missing")))
    assert "Issued on 9 January 2026" in page
    (page,) = pages(await pool.render(sample("identification_number_missing", content={"issued_on": None})))
    assert "Issued on" not in page


DECISIONS = {
    Redeployment.INTERNAL: "Décidé Reclassement interne",
    Redeployment.EXTERNAL: "Décidé Reclassement externe",
    Redeployment.REFUSED: "Décidé Reclassement refusé",
}


@pytest.mark.parametrize("decision", Redeployment)
async def test_the_joint_committees_decision_is_named_with_its_remedies(pool, sample, pages, decision):
    (page,) = pages(await pool.render(sample("joint_committee_notification", "fr", content={"decision": decision.value})))
    assert DECISIONS[decision] in page
    assert "Voies de recours texte d" in page


@pytest.mark.parametrize(
    ("benefits_end_on", "said"),
    [("2026-01-15", "Cash sickness benefits end on 15 January 2026"), (None, "Cash sickness benefits not affected by this decision")],
)
async def test_a_person_reads_whether_the_decision_ends_their_benefits(pool, sample, pages, benefits_end_on, said):
    (page,) = pages(await pool.render(sample("joint_committee_notification", content={"benefits_end_on": benefits_end_on})))
    assert said in page


async def test_long_reasons_go_on_overleaf_and_the_remedies_come_after_them(pool, sample, pages):
    first, *_, last = pages(await pool.render(sample("joint_committee_notification", size="largest")))
    assert "Redeployment refused" in first
    assert "Legal remedies sample text" in last


@pytest.mark.parametrize(
    ("locale", "month"), [("fr", "en janvier 2026"), ("de", "im Januar 2026"), ("en", "in January 2026"), ("lb", "am Januar 2026")]
)
async def test_an_employer_of_household_staff_reads_of_which_month_the_notice_is(pool, sample, pages, locale, month):
    (page,) = pages(await pool.render(sample("household_sick_pay_notice", locale)))
    assert month in page


async def test_an_employer_who_got_paper_may_still_answer_online(pool, sample, pages):
    (page,) = pages(await pool.render(sample("household_sick_pay_notice")))
    assert "You can complete the request online, even if this notice reached you on paper." in page
    assert "the fund reimburses you for the hours that you declare" in page


WRONG = {
    "a reason without a name": ("payment_charge_change", {"reason": "boredom"}, "failed with UndefinedError"),
    "a payer without a name": ("payment_charge_change", {"new_payer": "nobody"}, "failed with UndefinedError"),
    "fewer days than none": ("payment_charge_change", {"days_counted": -1}, "'days_counted' must be a whole number from 0"),
    "a paper without a name": ("identification_number_missing", {"paper": "napkin"}, "failed with UndefinedError"),
    "a decision without a name": ("joint_committee_notification", {"decision": "perhaps"}, "failed with UndefinedError"),
    "a decision without reasons": ("joint_committee_notification", {"reasons": ""}, "'reasons' must be text"),
}


@pytest.mark.parametrize(("notice", "content", "why"), WRONG.values(), ids=WRONG)
async def test_a_notice_that_can_never_be_printed_is_refused(pool, sample, notice, content, why):
    with pytest.raises(RenderingRefused, match=why):
        await pool.render(sample(notice, content=content))
