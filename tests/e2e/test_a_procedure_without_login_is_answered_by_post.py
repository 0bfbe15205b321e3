from __future__ import annotations

import json
from uuid import uuid4

import pytest
from harness.procedure import (
    agency_appointment,
    change_of_bank_details,
    coinsurance_certificate,
    ehic_certificate,
    entitlement_certificate,
)
from harness.waiting import until

FORWARDED = "lu.cns.espace.procedure.forwarded.v1"
AVAILABLE = "lu.cns.espace.document.available.v1"
NUMBERS = {
    name: number for number, name in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), start=1)
}


async def sends(stranger, file, wish, *, key=None, address=("Elsewhere 1", "L-9999 Nowhere"), **changed):
    """Everything at once, typed by hand: the challenge is answered by its question."""
    posed = (await stranger.post("/api/v1/challenges", json={"locale": "en"}, headers={"Idempotency-Key": str(uuid4())})).json()
    words = posed["question"].split("?")[0].split()
    applicant = {
        "matricule": file.matricule, "given_name": file.given_name, "family_name": file.family_name,
        "date_of_birth": file.date_of_birth, "address_lines": list(address), "country": "LU", **changed,
    }  # fmt: skip
    request = {
        "locale": "en", "challenge": posed["challenge"], "answer": str(NUMBERS[words[-3]] + NUMBERS[words[-1]]), "accepts_terms": True,
        "applicant": applicant, "answers": wish.answers,
    }  # fmt: skip
    files = {role: ("file.pdf", content) for role, content in wish.files.items()}
    return await stranger.post(
        f"/api/v1/direct-procedures/{wish.kind}",
        data={"request": json.dumps(request)},
        files=files,
        headers={"Idempotency-Key": key or str(uuid4())},
    )


@pytest.fixture
def wish():
    changed = change_of_bank_details()
    return type(changed)(changed.kind, {**changed.answers, "holder": "Typed By Hand"}, changed.files)


async def test_the_answer_goes_to_the_address_on_file_even_when_edelivery_is_on(espace, wish):
    person = await espace.insured_person(edelivery=True)
    receipt = await sends(await espace.stranger(), person.file, wish)
    assert receipt.status_code == 201, receipt.text

    forwarded = await espace.topics.hears(person.file.insured, FORWARDED)
    letter = await until(lambda: printed(espace, receipt.json()["receipt"]), "the letter to be printed")
    await espace.topics.are_quiet()

    assert forwarded.data["with_login"] is False
    for line in person.file.address:
        assert line in letter.address
    assert "Nowhere" not in letter.address
    assert espace.topics.about(person.file.insured, AVAILABLE) == []
    assert (await person.looks_at("documents"))["documents"] == [], "not even the receipt that who logs in gets"
    assert (await person.looks_at("procedures"))["procedures"] == []


@pytest.mark.parametrize(
    "kind", ["coinsurance_certificate", "ehic_replacement_certificate", "entitlement_certificate", "agency_appointment"]
)
async def test_each_procedure_can_be_carried_out_without_login(espace, kind):
    file = await espace.fund.records_a_person(family=True)
    await espace.topics.are_quiet()
    stranger = await espace.stranger()
    child = next(matricule for relation, matricule in file.family if relation == "child")
    agencies = (await stranger.get("/api/v1/agencies")).json()
    agency = agencies["agencies"][0]["agency"]
    slots = (await stranger.get(f"/api/v1/agencies/{agency}/slots")).json()["slots"]
    wishes = {
        "coinsurance_certificate": coinsurance_certificate([child]),
        "ehic_replacement_certificate": ehic_certificate(persons=[file.matricule]),
        "entitlement_certificate": entitlement_certificate("cape_verde", [file.matricule, child]),
        "agency_appointment": agency_appointment(agency, slots[-1]["starts_at"], agencies["subjects"][0]["subject"]),
    }
    receipt = await sends(stranger, file, wishes[kind])
    assert receipt.status_code == 201, receipt.text
    letter = await until(lambda: printed(espace, receipt.json()["receipt"]), "the letter to be printed")
    assert f"{file.given_name} {file.family_name}" in letter.address


async def test_a_repeat_has_the_same_receipt_and_one_effect(espace, wish):
    person = await espace.insured_person(edelivery=False)
    stranger, key = await espace.stranger(), str(uuid4())
    first = await sends(stranger, person.file, wish, key=key)
    await until(lambda: printed(espace, first.json()["receipt"]), "the letter to be printed")
    again = await sends(stranger, person.file, wish, key=str(uuid4()), given_name="", country="Luxembourg")
    assert again.status_code == 422
    fields = {error["field"] for error in again.json()["errors"]}
    assert fields == {"applicant.given_name", "applicant.country"}
    await espace.topics.are_quiet()
    assert len(espace.topics.about(person.file.insured, FORWARDED)) == 1


async def test_who_is_not_on_file_gets_a_receipt_that_looks_the_same_and_nothing_is_forwarded(espace, wish):
    person = await espace.insured_person(edelivery=False)
    receipt = await sends(await espace.stranger(), person.file, wish, family_name="Somebody-Else")
    known = await sends(await espace.stranger(), person.file, wish)
    assert receipt.status_code == known.status_code == 201
    assert receipt.json().keys() == known.json().keys()
    await espace.topics.hears(person.file.insured, FORWARDED)
    await espace.topics.are_quiet()
    assert len(espace.topics.about(person.file.insured, FORWARDED)) == 1


async def printed(espace, receipt):
    return next((letter for letter in espace.print_run.all() if receipt in letter.text), None)
