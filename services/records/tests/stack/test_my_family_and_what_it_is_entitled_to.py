from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from espace_contracts.events import (
    ChildLeave,
    FamilyLeaveRecorded,
    FamilyMember,
    FamilyRecorded,
    LeaveAbsence,
    Period,
    ReimbursementLine,
    ReimbursementSettled,
)
from espace_contracts.vocabulary import InsuredId, ReimbursementId, Relation


def family(insured: UUID, revision: int, member: UUID, **changed: object) -> FamilyRecorded:
    usual = {
        "person": member, "matricule": "2015061004565", "given_name": "Mia", "family_name": "Weber", "date_of_birth": date(2015, 6, 10),
        "relation": Relation.CHILD, "coinsured_from": date(2015, 6, 10), "coinsured_until": None, "represented": True,
    }  # fmt: skip
    return FamilyRecorded(insured=InsuredId(insured), revision=revision, members=(FamilyMember.model_validate(usual | changed),))


def leave(insured: UUID, revision: int, *absences: LeaveAbsence) -> FamilyLeaveRecorded:
    child = ChildLeave(
        child=InsuredId(UUID(int=7)), given_name="Mia", date_of_birth=date(2012, 2, 29), minutes_of_a_day=480, special_allowance=(),
        hospital_stays=(Period(first_day=date(2025, 3, 1), last_day=date(2025, 3, 3)),), absences=absences, other_parents_days=(),
    )  # fmt: skip
    return FamilyLeaveRecorded(insured=InsuredId(insured), revision=revision, children=(child,))


def absence(first: date, last: date, status: str = "accepted", minutes_a_day: int | None = None) -> LeaveAbsence:
    return LeaveAbsence.model_validate({
        "id": uuid4(), "first_day": first, "last_day": last, "kind": "ordinary", "status": status, "minutes_a_day": minutes_a_day,
    })  # fmt: skip


def settled(insured: UUID, number: int, on: date, refunded: int = 4629) -> ReimbursementSettled:
    line = ReimbursementLine(
        patient=InsuredId(insured), patient_name="Sophie Hoffmann", supplier="Dr Anne Muller", service_code="C1", service_on=on,
        invoiced_cents=6000, tariff_cents=5260, participation_cents=631, refunded_cents=refunded,
    )  # fmt: skip
    return ReimbursementSettled(
        insured=InsuredId(insured), reimbursement=ReimbursementId(UUID(int=insured.int ^ number)), reference=f"R-{number}", settled_on=on,
        paid_to_iban_masked="LU12 •••• •••• •••• 7891", lines=(line,),
    )  # fmt: skip


async def test_the_family_is_shown_masked_and_its_newest_revision_alone(records):
    sophie, mia = uuid4(), uuid4()
    newest = family(sophie, 2, mia, coinsured_until=date(2020, 1, 1))
    await records.told(family(sophie, 1, mia), newest, family(sophie, 1, mia), leave(sophie, 1))
    await records.shows("/api/v1/me/leave-for-family-reasons", sophie)  # told last, so all before it was handled
    answer = await records.get("/api/v1/me/family", sophie)
    (member,) = answer.json()["members"]
    assert member == {
        "person": str(mia), "matricule": "••••••••••565", "given_name": "Mia", "family_name": "Weber", "date_of_birth": "2015-06-10",
        "relation": "child", "coinsured_from": "2015-06-10", "coinsured_until": "2020-01-01", "coinsured": False, "represented": True,
    }  # fmt: skip
    assert "as_of" in answer.json()
    unchanged = await records.get("/api/v1/me/family", sophie, **{"if-none-match": answer.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


async def test_the_leave_is_shown_for_the_day_asked_for(records):
    sophie = uuid4()
    across_the_13th_birthday = absence(date(2025, 2, 27), date(2025, 3, 4))  # Thursday to Tuesday; 13 on Saturday, in hospital until Monday
    await records.told(leave(sophie, 1, across_the_13th_birthday, absence(date(2024, 5, 6), date(2024, 5, 10), "declared", 240)))
    answer = await records.shows("/api/v1/me/leave-for-family-reasons?on=2025-03-03", sophie)
    (child,) = answer.json()["children"]
    used = {band["band"]: (band["state"], band["used"]["accepted"], band["used"]["pending"]) for band in child["bands"]}
    # of 6 to 10 May 2024, Thursday was both Ascension and Europe Day
    assert used == {"under_4": ("over", 0, 0), "from_4_to_12": ("over", 960, 4 * 240), "from_13": ("current", 480, 0)}
    assert (child["rule"], child["usable"], child["uncovered"]["accepted"]) == ("hospital", 4 * 480, 480)
    before = (await records.get("/api/v1/me/leave-for-family-reasons?on=2025-02-28", sophie)).json()["children"][0]
    assert (before["rule"], before["usable"]) == ("age", 16 * 480)


async def test_a_day_that_is_none_is_refused(records):
    answer = await records.get("/api/v1/me/leave-for-family-reasons?on=2025-02-30", uuid4())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "on")


async def test_reimbursements_are_listed_once_each_newest_first_page_by_page(records):
    sophie, luc = uuid4(), uuid4()
    days = {1: date(2025, 2, 3), 2: date(2025, 12, 31), 3: date(2026, 1, 2), 4: date(2026, 1, 2), 5: date(2026, 3, 4)}
    told = {number: settled(sophie, number, day) for number, day in days.items()}
    await records.told(told[3], told[1], told[5], told[3], settled(luc, 9, date(2026, 3, 5)), told[4], told[2])
    await records.shows(f"/api/v1/me/reimbursements/{told[2].reimbursement}", sophie)  # the last one told
    newest_first = sorted(told.values(), key=lambda event: (event.settled_on, str(event.reimbursement)), reverse=True)
    first = (await records.get("/api/v1/me/reimbursements?limit=3", sophie)).json()
    second = (await records.get(f"/api/v1/me/reimbursements?limit=3&cursor={first['next_cursor']}", sophie)).json()
    shown = [row["reference"] for row in (*first["reimbursements"], *second["reimbursements"])]
    assert shown == [event.reference for event in newest_first]
    assert (second["next_cursor"], first["as_of"]) == (None, second["as_of"])
    of_2025 = (await records.get("/api/v1/me/reimbursements?year=2025", sophie)).json()
    assert [row["reference"] for row in of_2025["reimbursements"]] == ["R-2", "R-1"]
    assert (await records.get(f"/api/v1/me/reimbursements?cursor={first['next_cursor']}", luc)).status_code == 422


async def test_a_reimbursement_is_shown_with_its_lines_and_their_sums_to_its_person_alone(records):
    sophie = uuid4()
    event = settled(sophie, 1, date(2026, 2, 3))
    await records.told(event)
    path = f"/api/v1/me/reimbursements/{event.reimbursement}"
    answer = await records.shows(path, sophie)
    shown = answer.json()
    amounts = {"invoiced_cents": 6000, "tariff_cents": 5260, "participation_cents": 631, "refunded_cents": 4629}
    assert (shown["total"], shown["paid_to"], shown["reference"]) == (amounts, "LU12 •••• •••• •••• 7891", "R-1")
    (line,) = shown["lines"]
    assert {name: line[name] for name in amounts} == amounts
    assert (await records.get(path, sophie, **{"if-none-match": answer.headers["etag"]})).status_code == 304
    other = await records.get(path, uuid4())
    assert (other.status_code, other.json()["type"]) == (404, "/problems/not-found")


async def test_a_reimbursement_that_does_not_add_up_is_kept_from_the_person_and_stops_nothing(records):
    sophie = uuid4()
    wrong, right = settled(sophie, 1, date(2026, 2, 3), refunded=1), settled(sophie, 2, date(2026, 2, 3))
    await records.told(wrong, right)
    await records.shows(f"/api/v1/me/reimbursements/{right.reimbursement}", sophie)
    listed = (await records.get("/api/v1/me/reimbursements", sophie)).json()["reimbursements"]
    assert [row["reference"] for row in listed] == ["R-2"]


async def test_a_years_reimbursements_are_taken_along_as_a_spreadsheet(records):
    sophie = uuid4()
    told = [settled(sophie, number, date(2026, 1, 1 + number % 28)) for number in range(1, 103)]
    await records.told(*told, settled(sophie, 200, date(2025, 6, 1)))
    await records.shows(f"/api/v1/me/reimbursements/{UUID(int=sophie.int ^ 200)}", sophie)  # told last
    answer = await records.get("/api/v1/me/reimbursements.csv?year=2026&locale=en", sophie)
    headings, *rows = answer.content.decode("utf-8-sig").splitlines()
    assert (len(rows), len({row.split(";")[1] for row in rows}), headings.split(";")[0]) == (102, 102, "Settled on")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="reimbursements-2026.csv"'
    assert len((await records.get("/api/v1/me/reimbursements.csv?year=2026", uuid4())).content.splitlines()) == 1
    for wrong in ("", "?year=1899", "?year=10000", "?year=2026&locale=it"):
        assert (await records.get(f"/api/v1/me/reimbursements.csv{wrong}", sophie)).status_code == 422
