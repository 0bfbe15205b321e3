from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

from espace_contracts.events import MessageWritten, ProcedureWithdrawn
from espace_contracts.vocabulary import InsuredId, Locale, MessageId, ProcedureId, ProcedureKind
from espace_kernel.envelope import message_for

DECIDED = "lu.cns.decisions.procedure.decided.v1"
MESSAGE = "lu.cns.decisions.message.sent.v1"
PERSON = "lu.cns.persons.person.recorded.v1"
FAMILY = "lu.cns.persons.family.recorded.v1"
LEAVE = "lu.cns.persons.family_leave.recorded.v1"
SETTLED = "lu.cns.benefits.reimbursement.settled.v1"
SOPHIE = "1983081246785"


async def test_the_demonstration_tells_families_leave_and_reimbursements(core, wire_):
    async with core() as fund:
        rows = (await fund.http.post("/internal/persons/demo")).json()["persons"]
        sophie = next(row for row in rows if row["matricule"] == SOPHIE)
        told = await wire_.until(sophie["insured"], FAMILY)
        assert [member["person"] for member in told["members"]] == [member["insured"] for member in sophie["family"]]
        for member in sophie["family"]:
            assert (await wire_.until(member["insured"], PERSON))["matricule"] == member["matricule"]
        assert [child["given_name"] for child in (await wire_.until(sophie["insured"], LEAVE))["children"]] == ["Tom", "Lina"]
        async with asyncio.timeout(30):
            while len(settled := told_to(wire_, sophie["insured"], SETTLED)) < 25:
                await asyncio.sleep(0.02)
        assert len(settled) == 25


async def test_what_is_put_on_file_by_command_is_told_with_the_next_revision(core, wire_):
    async with core() as fund:
        person = await fund.person(family=True)
        family = await wire_.until(person["insured"], FAMILY)
        fewer = {"insured": person["insured"], "members": family["members"][:1]}
        assert (await fund.http.post("/internal/family", json=fewer)).json()["revision"] == 2
        assert (await wire_.until(person["insured"], FAMILY, times=2))["members"] == family["members"][:1]
        child = {
            "child": family["members"][1]["person"], "given_name": "Noa", "date_of_birth": "2009-01-01", "minutes_of_a_day": 480,
            "special_allowance": [], "hospital_stays": [{"first_day": "2026-02-02", "last_day": None}],
            "other_parents_days": ["2026-02-02"],
            "absences": [{
                "id": str(uuid4()), "first_day": "2026-02-02", "last_day": "2026-02-03", "kind": "extension", "status": "declared",
                "minutes_a_day": 240,
            }],
        }  # fmt: skip
        assert (await fund.http.post("/internal/leave", json={"insured": person["insured"], "children": [child]})).json()["revision"] == 1
        assert (await wire_.until(person["insured"], LEAVE))["children"] == [child]
        line = {
            "patient": person["insured"], "patient_name": "Test", "supplier": "Dr Test", "service_code": "C1", "service_on": "2026-02-01",
            "invoiced_cents": 6000, "tariff_cents": 5260, "participation_cents": 631, "refunded_cents": 4629,
        }  # fmt: skip
        settled = (await fund.http.post("/internal/reimbursements", json={"insured": person["insured"], "lines": [line]})).json()
        assert settled["refunded_cents"] == 4629
        assert (await wire_.until(settled["reimbursement"], SETTLED))["lines"] == [line]
        unknown = await fund.http.post("/internal/family", json={"insured": str(uuid4()), "members": []})
        assert (unknown.status_code, unknown.json()["type"]) == (404, "/problems/not-on-file")


async def test_each_person_of_the_family_gets_a_certificate_of_their_own(core, wire_, forwards):
    async with core() as fund:
        person, procedure = await fund.person(family=True), uuid4()
        names = f"{person['insured']} {person['family'][1]['insured']}"
        await forwards(person, procedure, kind=ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE, answers={"persons": names}, attachments=())
        decided = await wire_.until(procedure, DECIDED)
        holders = [decided["granted"]["matricule"], *(also["matricule"] for also in decided["also_granted"])]
        assert holders == [person["matricule"], person["family"][1]["matricule"]]


async def test_the_fund_writes_by_command_and_after_a_withdrawal_does_nothing_more(core, wire_, forwards):
    async with core(auto_decide=False) as fund:
        person, procedure = await fund.person(), uuid4()
        await forwards(person, procedure)
        about = {
            "insured": InsuredId(UUID(person["insured"])),
            "procedure": ProcedureId(procedure),
            "kind": ProcedureKind.BANK_DETAILS_CHANGE,
        }
        written = await posted(fund, "/internal/messages", {"procedure": str(procedure), "text": "Danke, wir prüfen das."})
        told = await wire_.until(procedure, MESSAGE)
        assert (told["message"], told["text"]) == (written["message"], "Danke, wir prüfen das.")
        question = MessageWritten(**about, message=MessageId(uuid4()), text="Wie lange dauert es?", written_at=told["sent_at"])
        await wire_.send(message_for(question))
        await wire_.send(message_for(ProcedureWithdrawn(**about, submission=1, locale=Locale.GERMAN)))
        async with asyncio.timeout(30):
            again_body = {"procedure": str(procedure), "text": "Noch etwas."}
            while (again := await fund.http.post("/internal/messages", json=again_body)).status_code in {201, 412}:  # not heard yet
                await asyncio.sleep(0.02)
        assert (again.status_code, again.json()["type"]) == (409, "/problems/withdrawn")
        decision = await fund.http.post("/internal/decisions", json={"procedure": str(procedure), "action": "approve"})
        assert (decision.status_code, decision.json()["type"]) == (409, "/problems/withdrawn")


def told_to(wire: Any, insured: str, event_type: str) -> list[Any]:
    """The records of this type with this person's key."""
    return [record for record in wire.heard if record.key.decode() == insured and dict(record.headers)["ce_type"].decode() == event_type]


async def posted(fund: Any, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Give the command once what it is about has arrived."""
    async with asyncio.timeout(30):
        while (answer := await fund.http.post(path, json=body)).status_code == 404:
            await asyncio.sleep(0.02)
    assert answer.status_code == 201, answer.json()
    content: dict[str, Any] = answer.json()
    return content
