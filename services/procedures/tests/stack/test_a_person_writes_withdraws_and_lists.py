from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from espace_contracts.events import (
    DraftExpiring,
    FamilyMember,
    FamilyRecorded,
    FundMessageSent,
    MessageReceived,
    MessageWritten,
    PersonRecorded,
    ProcedureForwarded,
    ProcedureWithdrawn,
)
from espace_contracts.topics import dead_letters_of
from espace_contracts.vocabulary import InsuredId, Locale, MessageId, PostalAddress, ProcedureId, Relation
from espace_kernel.clock import utc_now
from espace_kernel.envelope import message_for

from .conftest import ANSWERS, Person

SENT_AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def message_of_the_fund(person: Person, procedure, text: str) -> FundMessageSent:
    return FundMessageSent(
        insured=person.insured, procedure=ProcedureId(UUID(procedure["id"])), message=MessageId(uuid4()), text=text, sent_at=SENT_AT
    )


async def marked_by_another(service, person: Person, wire_) -> None:
    """Another procedure of the person is forwarded: its event follows all that came of what the fund said before."""
    marker = await person.submits(await person.starts("ehic_replacement_certificate"))
    await wire_.until(marker["id"], ProcedureForwarded.type)


async def test_a_message_reaches_the_fund_once_and_its_answer_the_person_once(service, wire_):
    person, key = service.person(), str(uuid4())
    procedure = await person.has_forwarded()
    first, again = [await person.writes(procedure, "Wann bekomme ich Antwort?", key) for _ in range(2)]
    assert (first.status_code, first.json()) == (201, again.json())
    told = await wire_.until(procedure["id"], MessageWritten.type)
    assert (told["text"], told["kind"]) == ("Wann bekomme ich Antwort?", "bank_details_change")

    answer = message_of_the_fund(person, procedure, "In fünf Tagen.")
    await wire_.tell(answer, answer)
    told = await wire_.until(procedure["id"], MessageReceived.type)
    assert told == {
        "insured": str(person.insured), "procedure": procedure["id"], "kind": "bank_details_change", "message": str(answer.message),
        "locale": "de",
    }  # fmt: skip
    shown = (await person.ask("GET", f"/{procedure['id']}/messages")).json()
    assert [(message["author"], message["text"], message["unread"]) for message in shown["messages"]] == [
        ("person", "Wann bekomme ich Antwort?", False),
        ("fund", "In fünf Tagen.", True),
    ]
    seen = await person.reads(procedure)
    assert (seen["unread_messages"], seen["version"]) == (1, procedure["version"])
    for _ in range(2):
        assert (await person.ask("PUT", f"/{procedure['id']}/messages/{answer.message}/read")).status_code == 204
    assert (await person.ask("GET", f"/{procedure['id']}/messages")).json()["unread"] == 0
    assert (await person.ask("PUT", f"/{procedure['id']}/messages/{uuid4()}/read")).status_code == 404
    await marked_by_another(service, person, wire_)
    assert len(wire_.about(procedure["id"], MessageReceived.type)) == len(wire_.about(procedure["id"], MessageWritten.type)) == 1


async def test_messages_that_are_written_at_once_are_all_kept(service):
    person = service.person()
    procedure = await person.has_forwarded()
    answers = await asyncio.gather(*(person.writes(procedure, f"Frage {number}") for number in range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    shown = (await person.ask("GET", f"/{procedure['id']}/messages")).json()["messages"]
    assert sorted(message["text"] for message in shown) == [f"Frage {number}" for number in range(6)]


async def test_a_decision_that_crosses_a_withdrawal_changes_nothing_and_is_no_dead_letter(service, wire_):
    person, key = service.person(), str(uuid4())
    procedure = await person.has_forwarded()
    for _ in range(2):
        answer = await person.ask("POST", f"/{procedure['id']}/withdrawal", key=key, version=procedure["version"])
        assert (answer.status_code, answer.json()["outcome"], answer.json()["status"]) == (200, "withdrawn", "closed")
    decision = message_for(person.approval(procedure))
    await wire_.send(decision, message_for(person.correction(procedure)))
    await marked_by_another(service, person, wire_)
    told = await wire_.until(procedure["id"], ProcedureWithdrawn.type)
    assert (told["submission"], told["locale"]) == (1, "de")
    assert (await person.reads(procedure))["outcome"] == "withdrawn"
    letters = [dict(record.headers) for record in wire_.heard if record.topic == dead_letters_of("procedures")]
    assert decision.id.encode() not in [headers["ce_id"] for headers in letters]
    assert (await person.starts())["id"] != procedure["id"]


async def test_my_procedures_come_in_pages(service):
    person = service.person()
    kinds = ["bank_details_change", "ehic_replacement_certificate", "entitlement_certificate", "agency_appointment"]
    started = [(await person.starts(kind))["id"] for kind in kinds]
    listed, cursor = [], None
    while True:
        page = (await person.ask("GET", params={"limit": 3, **({"cursor": cursor} if cursor else {})})).json()
        listed += [procedure["id"] for procedure in page["procedures"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert (sorted(listed), len(listed)) == (sorted(started), 4)
    for wrong in ("x", "ffffffffffff.0", started[0]):
        answer = await person.ask("GET", params={"cursor": wrong})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-cursor")
    assert (await person.ask("GET", params={"limit": 0})).status_code == 422


@pytest.mark.parametrize(("country", "status"), [("LU", 201), ("FR", 403)])
async def test_the_file_decides_who_may_ask_for_whom(service, wire_, country, status):
    person, child = service.person(), InsuredId(uuid4())
    recorded = PersonRecorded(
        insured=person.insured, revision=1, matricule="1983081246785", given_name="Sophie", family_name="Hoffmann",
        date_of_birth=date(1983, 8, 12), address=PostalAddress(lines=("1, rue de la Gare",), country=country), locale=Locale.FRENCH,
    )  # fmt: skip
    member = FamilyMember(
        person=child, matricule="2015061004565", given_name="Mia", family_name="Hoffmann", date_of_birth=date(2015, 6, 10),
        relation=Relation.CHILD, coinsured_from=date(2015, 6, 10), coinsured_until=None, represented=True,
    )  # fmt: skip
    newer = FamilyRecorded(insured=person.insured, revision=2, members=(member,))
    await wire_.tell(recorded, newer, newer.model_copy(update={"revision": 1, "members": ()}))
    async with asyncio.timeout(30):
        while not await service.database.families.find_one({"_id": person.insured}):
            await asyncio.sleep(0.02)
    answer = await person.ask("POST", json={"kind": "coinsurance_certificate", "locale": "de"})
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["type"] == "/problems/residents-only"
        assert answer.json()["detail"].startswith("Die CNS stellt Bescheinigungen der Mitversicherung nur Personen aus")
        return
    draft = answer.json()
    [question] = draft["questions"]
    assert question["choices"] == [{"value": str(child), "label": "Mia Hoffmann"}]
    assert (draft["answers"], draft["errors"]) == ({"persons": str(child)}, [])
    stranger = await person.saves(draft, {"persons": f"{child} {uuid4()}"})
    assert [error["field"] for error in stranger["errors"]] == ["persons"]


async def test_a_draft_nobody_works_on_is_warned_of_and_then_deleted(service, wire_):
    person = service.person()
    draft, younger = await person.saves(await person.starts(), ANSWERS), await person.starts("ehic_replacement_certificate")
    [sweeper] = [sweeper for sweeper in service.wiring.sweepers if sweeper.name == "old drafts"]
    this = {"_id": UUID(draft["id"])}
    await service.database.procedures.update_one(this, {"$set": {"changed_at": utc_now() - timedelta(days=23)}})
    for _ in range(2):
        await sweeper.repair()
    told = await wire_.until(draft["id"], DraftExpiring.type)
    assert (told["expires_on"], told["locale"]) == ((await person.reads(draft))["expires_on"], "de")
    await service.database.procedures.update_one(this, {"$set": {"warned_of": utc_now().date().isoformat()}})
    await sweeper.repair()
    listed = (await person.ask("GET")).json()["procedures"]
    assert [procedure["id"] for procedure in listed] == [younger["id"]]
