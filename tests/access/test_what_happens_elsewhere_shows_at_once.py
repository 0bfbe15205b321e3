"""Open pages and open sessions follow what happens elsewhere, without being asked."""

from __future__ import annotations

from typing import Any

from harness.espace import Espace
from harness.procedure import ehic_certificate
from harness.waiting import until


async def test_a_decision_and_its_document_show_on_an_open_page_and_on_no_other(espace: Espace):
    person, other = await espace.insured_person(edelivery=True), await espace.insured_person(edelivery=True)
    async with person.follows() as page, other.follows() as foreign:
        procedure = await person.submits(ehic_certificate())
        assert (await page.told("status")) | {"at": ""} == {"procedure": procedure.id, "status": "forwarded", "at": ""}
        assert (await page.told("status")) | {"at": ""} == {"procedure": procedure.id, "status": "closed", "at": ""}
        told = await page.told("document")
        [document] = await person.documents()
        assert told["document"] == document.id
        foreigners = await other.submits(ehic_certificate())
        assert (await foreign.told("status"))["procedure"] == foreigners.id


async def test_logging_out_everywhere_closes_the_pages_and_the_door_on_every_device(espace: Espace):
    person = await espace.insured_person(edelivery=False)
    elsewhere = await espace.on_another_device(person)
    async with elsewhere.follows() as page:
        assert (await elsewhere.asks("GET", "/api/v1/me")).status_code == 200
        assert (await person.asks("DELETE", "/api/v1/sessions")).status_code == 204
        assert await page.told("end") == {"reason": "session-ended"}
        assert (await elsewhere.asks("GET", "/api/v1/me")).status_code == 401
        assert (await elsewhere.asks("GET", "/api/v1/events")).status_code == 401


async def test_a_mandate_that_is_taken_back_opens_nothing_from_that_moment_on(espace: Espace):
    person, holder = await espace.insured_person(edelivery=False), await espace.insured_person(edelivery=False)
    mandate = await person.gives_mandate(holder, "records")
    acting = holder.acts_for(person)
    assert (await acting.asks("GET", "/api/v1/me")).status_code == 200
    assert (await person.asks("DELETE", f"/api/v1/mandates/{mandate}")).status_code == 204
    refused = await acting.asks("GET", "/api/v1/me")
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/no-mandate")
    assert (await holder.asks("GET", "/api/v1/me")).status_code == 200


async def test_the_person_sees_who_acted_for_them(espace: Espace):
    person, holder = await espace.insured_person(edelivery=False), await espace.insured_person(edelivery=False)
    await person.gives_mandate(holder, "records")
    await holder.acts_for(person).asks("GET", "/api/v1/me/bank-details")

    async def seen() -> list[dict[str, Any]]:
        answer = await person.asks("GET", "/api/v1/accesses")
        return [row for row in answer.json()["accesses"] if row["details"].get("operation") == "getMyBankDetails"]

    [access] = await until(seen, "the access to be listed")
    assert access["details"]["service"] == "records"
    assert holder.file.family_name in access["name"]
