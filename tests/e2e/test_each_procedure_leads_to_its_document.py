from __future__ import annotations

import pytest
from harness.procedure import agency_appointment, coinsurance_certificate, ehic_certificate, entitlement_certificate

FORWARDED = "lu.cns.espace.procedure.forwarded.v1"
CLOSED = "lu.cns.espace.procedure.closed.v1"


async def certificate_of_coinsurance(person):
    return coinsurance_certificate(member["person"] for member in (await person.looks_at("me/family"))["members"])


async def certificate_for_tunisia(person):
    child = next(member for member in (await person.looks_at("me/family"))["members"] if member["represented"])
    return entitlement_certificate("tunisia", [person.file.insured, child["person"]], address_of_stay="Avenue Bourguiba 1, Tunis")


async def appointment(person):
    shown = await person.looks_at("agencies")
    agency, subject = shown["agencies"][0]["agency"], shown["subjects"][0]["subject"]
    return agency_appointment(agency, (await person.free_slots(agency))[0], subject)


each_wish = pytest.mark.parametrize(
    ("wish", "document_type"),
    [
        (certificate_of_coinsurance, "coinsurance_certificate"),
        (certificate_for_tunisia, "entitlement_certificate"),
        (appointment, "appointment_confirmation"),
    ],
    ids=["co-insurance", "entitlement", "appointment"],
)


@each_wish
async def test_one_document_lies_in_the_espace_when_edelivery_is_on(espace, wish, document_type):
    person = await espace.insured_person(edelivery=True, family=True)
    procedure = await person.submits(await wish(person))
    await person.sees_status(procedure, "closed")

    document = await person.receives(exactly=1, about=procedure)
    await espace.topics.are_quiet()

    assert document.type == document_type
    assert [found.id for found in await person.documents()] == [document.id]
    assert len(espace.topics.about(person.file.insured, CLOSED)) == 1
    assert espace.print_run.letters(procedure) == []


@each_wish
async def test_one_letter_is_printed_when_edelivery_is_off(espace, wish, document_type):
    person = await espace.insured_person(edelivery=False, family=True)
    procedure = await person.submits(await wish(person))

    await person.sees_status(procedure, "closed")
    await espace.print_run.receives(exactly=1, about=procedure)
    await espace.topics.are_quiet()

    closed = espace.topics.about(person.file.insured, CLOSED)
    assert [order["content"]["type"] for order in closed[0].data["documents"]] == [document_type]
    assert len(espace.print_run.letters(procedure)) == 1
    assert await person.documents() == []


async def test_a_family_that_travels_receives_a_certificate_for_each(espace):
    person = await espace.insured_person(edelivery=True, family=True)
    family = [member["person"] for member in (await person.looks_at("me/family"))["members"]]
    started = await person.starts(ehic_certificate(persons=[person.file.insured, *family]))
    shown = await person.sees(started)
    offered = next(question for question in shown["questions"] if question["name"] == "persons")["choices"]
    assert {choice["value"] for choice in offered} == {person.file.insured, *family}
    await person.forwards(started)
    await person.receives(exactly=4, about=started)
    await espace.topics.are_quiet()
    assert len(await person.documents()) == 4


async def test_what_is_known_is_filled_in(espace):
    person = await espace.insured_person(edelivery=False)
    started = await person.looks_at_a_new("bank_details_change")
    assert started["answers"]["holder"] == f"{person.file.given_name} {person.file.family_name}"
    assert started["on_file"]["iban"].endswith(person.file.iban[-4:])


async def test_quebec_is_for_students_who_prove_it(espace):
    person = await espace.insured_person(edelivery=False)
    started = await person.starts(entitlement_certificate("quebec", [person.file.insured]))
    shown = await person.sees(started)
    assert {finding["field"] for finding in shown["errors"]} == {"school", "enrolment_proof"}
    refused = await person.asks("POST", f"/api/v1/procedures/{started.id}/submissions", headers={"If-Match": f'"{shown["version"]}"'})
    assert refused.status_code == 422
    await espace.topics.are_quiet()
    assert espace.topics.about(person.file.insured, FORWARDED) == []


async def test_nobody_but_the_own_family_can_be_named(espace):
    person = await espace.insured_person(edelivery=False, family=True)
    stranger = await espace.insured_person(edelivery=False)
    started = await person.starts(coinsurance_certificate([stranger.file.insured]))
    assert [finding["field"] for finding in (await person.sees(started))["errors"]] == ["persons"]


async def test_who_lives_abroad_is_told_where_to_ask_for_a_certificate_of_coinsurance(espace):
    from_thionville = await espace.demo_person("1966051507682")
    refused = await from_thionville.asks("POST", "/api/v1/procedures", json={"kind": "coinsurance_certificate", "locale": "en"})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/residents-only")
    assert "health insurance fund of your place of residence" in refused.json()["detail"]
