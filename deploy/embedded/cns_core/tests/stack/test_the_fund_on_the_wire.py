from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from espace_contracts.vocabulary import ProcedureKind

DECIDED = "lu.cns.decisions.procedure.decided.v1"
CORRECTION = "lu.cns.decisions.correction.requested.v1"
PERSON = "lu.cns.persons.person.recorded.v1"
BANK_DETAILS = "lu.cns.persons.bank_details.recorded.v1"


async def test_the_twelve_demo_persons_are_told_once_however_often_they_are_seeded(core, wire_):
    async with core() as fund:
        first = (await fund.http.post("/internal/persons/demo")).json()
        again = (await fund.http.post("/internal/persons/demo")).json()
        assert (len(first["persons"]), again["new"]) == (12, 0)
        for person in first["persons"]:
            told = await wire_.until(person["insured"], PERSON)
            assert told["matricule"] == person["matricule"]
            assert (await wire_.until(person["insured"], BANK_DETAILS))["iban"] == person["iban"]
        assert {dict(record.headers)["ce_source"] for record in wire_.heard} == {b"/cns/core"}


async def test_a_person_on_file_is_found_by_the_matricule_and_the_demo_persons_are_known_before(core):
    async with core() as fund:
        person = await fund.person()
        found = await fund.http.post("/internal/persons/search", json={"matricule": person["matricule"]})
        assert {name: found.json()[name] for name in ("insured", "family_name", "date_of_birth")} == {
            name: person[name] for name in ("insured", "family_name", "date_of_birth")
        }
        nobody = await fund.http.post("/internal/persons/search", json={"matricule": "2001022900188"})
        assert (nobody.status_code, nobody.json()["type"]) == (404, "/problems/not-on-file")
        assert len((await fund.http.get("/internal/persons/demo")).json()) == 12


async def test_an_approved_bank_change_is_decided_and_on_file_with_the_next_revision(core, wire_, forwards):
    async with core() as fund:
        person, procedure = await fund.person(), uuid4()
        await forwards(person, procedure)
        decided = await wire_.until(procedure, DECIDED)
        assert (decided["outcome"], decided["granted"]["replaced_iban"]) == ("approved", person["iban"])
        on_file = await wire_.until(person["insured"], BANK_DETAILS, times=2)
        assert (on_file["revision"], on_file["iban"]) == (2, "LU280019400644750000")


async def test_a_redelivered_submission_is_decided_once_on_the_wire(core, wire_, forwards):
    async with core() as fund:
        person, procedure, following = await fund.person(), uuid4(), uuid4()
        message = await forwards(person, procedure)
        await wire_.send(message)
        await forwards(person, following)  # handled after the repeat, which has the same key
        await wire_.until(following, DECIDED)
        await wire_.until(procedure, DECIDED, times=1)
        await wire_.until(person["insured"], BANK_DETAILS, times=3)


async def test_a_bank_change_without_a_statement_is_sent_back(core, wire_, forwards):
    async with core() as fund:
        person, procedure = await fund.person(), uuid4()
        await forwards(person, procedure, attachments=())
        correction = await wire_.until(procedure, CORRECTION)
        assert "Kontonachweis" in correction["reason"]
        assert [kind for kind, _ in wire_.about(procedure)] == [CORRECTION]


async def test_a_certificate_is_granted_with_what_the_paper_states(core, wire_, forwards):
    async with core() as fund:
        person, procedure = await fund.person(), uuid4()
        await forwards(person, procedure, kind=ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE, answers={"destination": "AT"}, attachments=())
        granted = (await wire_.until(procedure, DECIDED))["granted"]
        assert (granted["matricule"], granted["holder_name"]) == (person["matricule"], person["family_name"])
        assert (granted["institution_id"], granted["destination"]) == ("0000", "AT")


async def test_without_rules_a_command_refuses_once_and_then_is_told_so(core, wire_, forwards):
    async with core(auto_decide=False) as fund:
        person, procedure = await fund.person(), uuid4()
        refusal = {"procedure": str(procedure), "action": "refuse", "reason": "Das Konto gehört nicht Ihnen."}
        unknown = await fund.http.post("/internal/decisions", json=refusal)
        assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-held")
        await forwards(person, procedure)
        await decided_by(fund, refusal)
        told = await wire_.until(procedure, DECIDED)
        assert (told["outcome"], told["reason"], told["granted"]) == ("refused", "Das Konto gehört nicht Ihnen.", None)
        again = await fund.http.post("/internal/decisions", json={"procedure": str(procedure), "action": "approve"})
        assert again.status_code == 409
        assert again.json()["detail"].startswith("This submission was refused on ")
        await wire_.until(procedure, DECIDED, times=1)
        await wire_.until(person["insured"], BANK_DETAILS, times=1)


async def test_a_command_sends_back_and_then_approves_the_corrected_submission(core, wire_, forwards):
    async with core(auto_decide=False) as fund:
        person, procedure = await fund.person(), uuid4()
        await forwards(person, procedure)
        await decided_by(fund, {"procedure": str(procedure), "action": "correct", "reason": "Bitte ein neueres Dokument."})
        approval = {"procedure": str(procedure), "action": "approve"}
        early = await fund.http.post("/internal/decisions", json=approval)
        assert (early.status_code, early.json()["type"]) == (409, "/problems/waits-for-correction")
        await forwards(person, procedure, submission=2)
        await decided_by(fund, approval)
        assert (await wire_.until(procedure, DECIDED))["submission"] == 2
        assert [kind for kind, _ in wire_.about(procedure)] == [CORRECTION, DECIDED]


async def test_a_command_without_the_reason_it_wants_is_answered_with_a_sentence(core):
    async with core() as fund:
        answer = await fund.http.post("/internal/decisions", json={"procedure": str(uuid4()), "action": "refuse"})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/reason-missing")


async def decided_by(fund: Any, command: dict[str, str]) -> None:
    """Give the command once what it is about has arrived."""
    async with asyncio.timeout(30):
        while (answer := await fund.http.post("/internal/decisions", json=command)).status_code in (404, 409):
            await asyncio.sleep(0.02)
    assert answer.status_code == 201, answer.json()
