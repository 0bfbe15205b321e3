"""My documents: a person finds one among many, puts one away, and takes several along; and a year of reimbursements for a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import io
from decimal import Decimal
from zipfile import ZipFile

from harness.waiting import until

from espace_kernel.clock import utc_now

KINDS = ("reimbursement_statement", "joint_committee_notification", "payment_charge_change", "late_declaration_warning")


async def somebody_with_four_documents(espace):
    """None of them was opened."""
    person = await espace.insured_person(edelivery=True)
    for kind in KINDS:
        await espace.fund.records("benefits", person.file.insured, kind=kind)

    async def all_there():
        return len((await person.looks_at("documents"))["documents"]) == len(KINDS)

    await until(all_there, f"{len(KINDS)} documents in the eSpace")
    return person


async def test_documents_are_found_put_away_and_taken_along_by_their_person_alone(espace):
    person = await somebody_with_four_documents(espace)
    everything = await person.looks_at("documents")
    rows = {row["type"]: row for row in everything["documents"]}
    assert (rows.keys(), everything["unread_count"]) == (set(KINDS), len(KINDS))

    async def found(asked):
        return [row["type"] for row in (await person.looks_at(f"documents?{asked}"))["documents"]]

    statement, notification = rows["reimbursement_statement"], rows["joint_committee_notification"]
    first_word = statement["title"].split()[0]
    assert await found(f"q={first_word.upper()[:4]}&type=reimbursement_statement") == ["reimbursement_statement"]
    assert await found(f"q={notification['reference'].replace('-', '').lower()}") == ["joint_committee_notification"]
    assert sorted(await found("type=payment_charge_change&type=late_declaration_warning")) == [
        "late_declaration_warning", "payment_charge_change",
    ]  # fmt: skip
    assert await found("to=2020-12-31") == []

    archive = f"/api/v1/documents/{notification['id']}/archive"
    assert (await person.asks("PUT", archive)).status_code == 204
    assert await found("archived=true") == ["joint_committee_notification"]
    assert (await person.looks_at("documents"))["unread_count"] == len(KINDS) - 1
    assert (await person.asks("DELETE", archive)).status_code == 204

    taken = "/api/v1/documents.zip?" + "&".join(f"id={row['id']}" for row in (statement, notification))
    other = await espace.insured_person(edelivery=True)
    for method, path in (("GET", taken), ("PUT", archive), ("DELETE", archive)):
        refused = await other.asks(method, path)
        assert (refused.status_code, refused.json()["type"]) == (404, "/problems/not-found"), path
    assert sorted(await found("unread=true")) == sorted(KINDS)

    answer = await person.asks("GET", taken)
    assert int(answer.headers["content-length"]) == len(answer.content)
    with ZipFile(io.BytesIO(answer.content)) as whole:
        assert whole.testzip() is None
        hashes = [hashlib.sha256(whole.read(entry)).hexdigest() for entry in whole.infolist()]
        assert hashes == [statement["sha256"], notification["sha256"]]
        assert all(row["reference"] in name for row, name in zip((statement, notification), whole.namelist(), strict=True))
    assert sorted(await found("unread=true")) == ["late_declaration_warning", "payment_charge_change"]


async def test_a_years_reimbursements_are_a_spreadsheet_that_sums_to_what_is_shown(espace):
    person = await espace.insured_person(edelivery=False)
    line = {
        "patient": person.file.insured, "patient_name": "A Person", "supplier": "=Dr. Example; Luxembourg", "service_code": "C1",
        "service_on": str(utc_now().date()), "invoiced_cents": 6000, "tariff_cents": 5260, "participation_cents": 631,
        "refunded_cents": 4629,
    }  # fmt: skip
    for lines in ([line], [line, {**line, "invoiced_cents": 7001}]):
        await espace.fund.records("reimbursements", person.file.insured, lines=lines)

    async def both():
        shown = (await person.looks_at("me/reimbursements"))["reimbursements"]
        return shown if len(shown) == 2 else []

    shown = await until(both, "both reimbursements to be on file")
    year = shown[0]["settled_on"][:4]
    answer = await person.asks("GET", f"/api/v1/me/reimbursements.csv?year={year}&locale=en")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert (len(rows), {row["Supplier"] for row in rows}) == (3, {"'=Dr. Example; Luxembourg"})
    assert [row["Reference"] for row in rows] == sorted((row["Reference"] for row in rows), key=[row["reference"] for row in shown].index)
    columns = {"Invoiced (EUR)": "invoiced_cents", "Your share (EUR)": "participation_cents", "Refunded (EUR)": "refunded_cents"}
    for heading, amount in columns.items():
        total = sum(Decimal(row[heading].replace(",", ".")) for row in rows)
        assert total * 100 == sum(row["total"][amount] for row in shown)
