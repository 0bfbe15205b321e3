from __future__ import annotations

from uuid import uuid4

from harness.waiting import until

from espace_kernel.clock import utc_now

CHILD = {
    "given_name": "Mia", "date_of_birth": "2020-02-29", "minutes_of_a_day": 480, "special_allowance": [], "hospital_stays": [],
    "other_parents_days": [],
}  # fmt: skip


async def test_leave_that_the_fund_accepts_is_subtracted_at_once(espace):
    person = await espace.insured_person(edelivery=False, family=True)
    child = next(member["person"] for member in (await person.looks_at("me/family"))["members"] if member["represented"])

    async def remaining():
        shown = await person.asks("GET", "/api/v1/me/leave-for-family-reasons?on=2026-03-10")
        return shown.json()["children"][0]["usable"] if shown.status_code == 200 else None

    await espace.fund.records("leave", person.file.insured, children=[{**CHILD, "child": child, "absences": []}])
    assert await until(remaining, "the leave to be shown") == 18 * 480

    absence = {"id": str(uuid4()), "first_day": "2026-03-02", "last_day": "2026-03-03", "kind": "ordinary", "status": "accepted"}
    taken = {**CHILD, "child": child, "absences": [{**absence, "minutes_a_day": None}]}
    await espace.fund.records("leave", person.file.insured, children=[taken])

    async def subtracted():
        return await remaining() == 16 * 480

    await until(subtracted, "two days to be subtracted")


async def test_a_settled_reimbursement_is_shown_with_its_lines(espace):
    person = await espace.insured_person(edelivery=False)
    line = {
        "patient": person.file.insured, "patient_name": "A Person", "supplier": "Dr. Example", "service_code": "C1",
        "service_on": str(utc_now().date()), "invoiced_cents": 6000, "tariff_cents": 5260, "participation_cents": 631,
        "refunded_cents": 4629,
    }  # fmt: skip
    settled = await espace.fund.records("reimbursements", person.file.insured, lines=[line, line])

    async def shown():
        return (await person.looks_at("me/reimbursements"))["reimbursements"]

    [row] = await until(shown, "the reimbursement to be shown")
    assert row["reference"] == settled["reference"]
    detail = await person.looks_at(f"me/reimbursements/{settled['reimbursement']}")
    assert [one["refunded_cents"] for one in detail["lines"]] == [4629, 4629]
    stranger = await espace.insured_person(edelivery=False)
    assert (await stranger.asks("GET", f"/api/v1/me/reimbursements/{settled['reimbursement']}")).status_code == 404


async def test_the_family_is_shown_with_masked_numbers(espace):
    person = await espace.insured_person(edelivery=False, family=True)
    shown = await person.looks_at("me/family")
    assert sorted(member["relation"] for member in shown["members"]) == ["child", "child", "spouse"]
    for _relation, matricule in person.file.family:
        assert matricule not in str(shown)
        assert any(member["matricule"].endswith(matricule[-3:]) for member in shown["members"])
