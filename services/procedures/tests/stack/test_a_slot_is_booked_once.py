"""Appointments on the real store: two hundred want one time, and one has it; it is moved and cancelled by rule."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from espace_contracts.events import AppointmentGranted, DocumentOrdered, ProcedureClosed, ProcedureDecided
from espace_contracts.vocabulary import Outcome, ProcedureId

from .conftest import Person, Service, Wire

APPOINTMENTS = "/api/v1/appointments"
MERSCH = {"consent": "yes", "subject": "sick_leave", "mode": "at_agency", "agency": "mersch"}
"""One counter."""


async def offered(service: Service, agency: str = "mersch") -> list[str]:
    answer = await service.http.get(f"/api/v1/agencies/{agency}/slots", params={"to": "2999-12-31", "subject": "sick_leave"})
    assert answer.status_code == 200
    return [slot["starts_at"] for slot in answer.json()["slots"]]


async def asks_for(person: Person, slot: str, **answers: str) -> httpx.Response:
    draft = await person.saves(await person.starts("agency_appointment"), MERSCH | {"slot": slot} | answers)
    return await person.ask("POST", f"/{draft['id']}/submissions", version=draft["version"])


async def has_booked(person: Person, slot: str) -> dict[str, Any]:
    answer = await asks_for(person, slot)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def decision(person: Person, procedure: dict[str, Any], outcome: Outcome = Outcome.APPROVED) -> ProcedureDecided:
    return ProcedureDecided(
        insured=person.insured, procedure=ProcedureId(UUID(procedure["id"])), submission=1, outcome=outcome, decided_on=date(2026, 3, 2),
        reason="Die Agentur ist an diesem Tag geschlossen." if outcome is Outcome.REFUSED else None,
        granted=AppointmentGranted() if outcome is Outcome.APPROVED else None,
    )  # fmt: skip


async def has_an_appointment(service: Service, wire_: Wire) -> tuple[Person, dict[str, Any]]:
    person = service.person()
    procedure = await has_booked(person, (await offered(service))[-1])
    await wire_.tell(decision(person, procedure))
    await person.sees(procedure, "closed")
    return person, procedure


async def appointment(person: Person, procedure: dict[str, Any]) -> dict[str, Any]:
    answer = await person.ask("GET", f"/{procedure['id']}", root=APPOINTMENTS)
    assert answer.status_code == 200
    shown: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{shown["version"]}"'
    return shown


@pytest.mark.parametrize("persons", [200])
async def test_of_two_hundred_who_want_one_time_one_has_it(service, persons):
    slot = (await offered(service))[0]

    async def prepared() -> tuple[Person, dict[str, Any]]:
        person = service.person()
        return person, await person.saves(await person.starts("agency_appointment"), MERSCH | {"slot": slot})

    drafts = await asyncio.gather(*(prepared() for _ in range(persons)))
    answers = await asyncio.gather(
        *(person.ask("POST", f"/{draft['id']}/submissions", version=draft["version"]) for person, draft in drafts)
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * (persons - 1)
    refused = next(answer.json() for answer in answers if answer.status_code == 422)
    assert [error["field"] for error in refused["errors"]] == ["slot"]
    assert slot not in await offered(service)


async def test_four_counters_receive_four_at_once(service):
    slot = (await offered(service, "luxembourg"))[0]
    answers = await asyncio.gather(*(asks_for(service.person(), slot, agency="luxembourg") for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [201] * 4 + [422] * 8


async def test_a_submission_that_is_sent_twice_holds_one_slot(service):
    person, slots = service.person(), await offered(service)
    draft = await person.saves(await person.starts("agency_appointment"), MERSCH | {"slot": slots[1]})
    sent = [person.ask("POST", f"/{draft['id']}/submissions", version=draft["version"], key="the same") for _ in range(4)]
    assert {answer.status_code for answer in await asyncio.gather(*sent)} <= {201, 409}
    assert await service.database["appointments"].count_documents({"insured": person.insured}) == 1


async def test_a_confirmed_appointment_is_moved_and_confirmed_again(service, wire_):
    person, procedure = await has_an_appointment(service, wire_)
    closed = await wire_.until(procedure["id"], ProcedureClosed.type)
    booked = await appointment(person, procedure)
    [order] = closed["documents"]
    assert order["content"]["type"] == "appointment_confirmation"
    assert (booked["status"], booked["can_be_changed"], booked["agency_name"]) == ("confirmed", True, "Mersch")
    assert datetime.fromisoformat(order["content"]["starts_at"]) == datetime.fromisoformat(booked["starts_at"])

    other = (await offered(service))[-1]
    for _ in range(2):
        moved = await person.ask("POST", f"/{procedure['id']}/moves", root=APPOINTMENTS, key="once", json={"slot": other})
        assert (moved.status_code, moved.json()["starts_at"]) == (201, other)
    [ordered] = await documents_ordered(wire_, procedure, 1)
    assert ordered["document"]["content"]["starts_at"] == other
    assert booked["starts_at"] in await offered(service)
    assert other not in await offered(service)


async def documents_ordered(wire_: Wire, procedure: dict[str, Any], times: int) -> list[dict[str, Any]]:
    """The orders that came beside the closing, once there are so many."""

    def found() -> list[dict[str, Any]]:
        orders = {record.offset: record for record in wire_.heard if dict(record.headers)["ce_type"] == DocumentOrdered.type.encode()}
        told = [DocumentOrdered.model_validate_json(record.value).model_dump(mode="json") for record in orders.values()]
        orders_of_it = [order for order in told if order["procedure"] == procedure["id"]]
        return [order for order in orders_of_it if order["document"]["content"]["type"] != "submission_receipt"]

    async with asyncio.timeout(30):
        while len(found()) < times:
            await asyncio.sleep(0.02)
    return found()


async def test_a_move_to_a_time_that_is_taken_changes_nothing(service, wire_):
    person, procedure = await has_an_appointment(service, wire_)
    taken = (await offered(service))[-1]
    await has_booked(service.person(), taken)
    answer = await person.ask("POST", f"/{procedure['id']}/moves", root=APPOINTMENTS, json={"slot": taken})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "slot")


async def test_a_cancelled_appointment_is_free_again(service, wire_):
    person, procedure = await has_an_appointment(service, wire_)
    booked = await appointment(person, procedure)
    stale = await person.ask("DELETE", f"/{procedure['id']}", root=APPOINTMENTS, version=booked["version"] + 1)
    assert stale.status_code == 412
    answer = await person.ask("DELETE", f"/{procedure['id']}", root=APPOINTMENTS, version=booked["version"])
    assert answer.status_code == 204
    assert (await appointment(person, procedure))["status"] == "cancelled"
    assert booked["starts_at"] in await offered(service)


async def test_after_the_cut_off_an_appointment_stays_and_one_document_says_so(service, wire_):
    person, procedure = await has_an_appointment(service, wire_)
    soon = datetime.now(UTC) + timedelta(hours=2)
    change = {"$set": {"slot.starts_at": soon}, "$unset": {"slot_key": ""}}
    await service.database["appointments"].update_one({"_id": UUID(procedure["id"])}, change)
    for _ in range(3):
        answer = await person.ask("DELETE", f"/{procedure['id']}", root=APPOINTMENTS)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/cannot-be-cancelled")
    await has_an_appointment(service, wire_)  # whatever was to come of the three has come before this one's closing
    [ordered] = await documents_ordered(wire_, procedure, 1)
    assert ordered["document"]["content"]["type"] == "appointment_not_cancelled"
    assert ordered["locale"] == "de"


async def test_a_withdrawn_or_refused_request_frees_its_time(service, wire_):
    first, second = service.person(), service.person()
    slot = (await offered(service))[-1]
    procedure = await has_booked(first, slot)
    assert slot not in await offered(service)
    assert (await first.ask("POST", f"/{procedure['id']}/withdrawal", version=procedure["version"])).status_code == 200
    assert slot in await offered(service)
    procedure = await has_booked(second, slot)
    await wire_.tell(decision(second, procedure, Outcome.REFUSED))
    await second.sees(procedure, "closed")
    async with asyncio.timeout(10):
        while slot not in await offered(service):
            await asyncio.sleep(0.02)


async def test_somebody_elses_appointment_is_not_there(service, wire_):
    _, procedure = await has_an_appointment(service, wire_)
    other = service.person()
    assert (await other.ask("GET", root=APPOINTMENTS)).json() == {"appointments": []}
    for method, path, how in (("GET", "", {}), ("DELETE", "", {}), ("POST", "/moves", {"json": {"slot": "2999-01-01T00:00:00Z"}})):
        assert (await other.ask(method, f"/{procedure['id']}{path}", root=APPOINTMENTS, **how)).status_code == 404


async def test_where_the_cns_receives_is_nobodys_secret(service):
    agencies = (await service.http.get("/api/v1/agencies", params={"locale": "lb"})).json()
    assert {"Luxembourg", "Mersch"} <= {agency["name"] for agency in agencies["agencies"]}
    assert "Krankmeldung" in {subject["name"] for subject in agencies["subjects"]}
    for path in ("/nowhere/slots", "/mersch/slots?subject=nothing"):
        assert (await service.http.get(f"/api/v1/agencies{path}")).status_code == 404
    assert (await service.http.get("/api/v1/agencies/mersch/slots?from=9999-12-31")).json()["slots"] == []


async def test_the_sweeper_frees_what_a_crash_left_and_nothing_else(service, wire_):
    held = await has_booked(service.person(), (await offered(service))[-1])
    _, confirmed = await has_an_appointment(service, wire_)
    orphan = service.person()
    draft = await orphan.saves(await orphan.starts("agency_appointment"), MERSCH | {"slot": (await offered(service))[-1]})
    do = service.wiring.use_cases
    seen = await do.view.of(await _loaded(service, draft, orphan))
    await do.submit._book(seen.procedure, orphan.insured)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    await service.database["appointments"].update_many({}, {"$set": {"booked_at": long_ago}})
    [sweep] = [sweeper.repair for sweeper in service.wiring.sweepers if sweeper.name == "slots without a procedure"]
    await sweep()
    left = {document["_id"] async for document in service.database["appointments"].find({}, {"_id": 1})}
    assert {UUID(held["id"]), UUID(confirmed["id"])} <= left
    assert UUID(draft["id"]) not in left
    assert await sweep() == 0


async def _loaded(service: Service, draft: dict[str, Any], person: Person) -> Any:
    return await service.wiring.use_cases.submit._procedures.get(UUID(draft["id"]), person.insured)
