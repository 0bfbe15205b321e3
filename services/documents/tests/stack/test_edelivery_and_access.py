from __future__ import annotations

import asyncio
import json
from uuid import UUID, uuid4

from espace_contracts.events import ContactConfirmed, EdeliveryChanged, LetterReturned, NoticeBounced
from espace_contracts.events.letter_returned_v1 import ReturnReason
from espace_contracts.topics import PREFERENCES
from espace_contracts.vocabulary import DocumentId, Locale, NoticeMeans
from espace_kernel.clock import utc_now

from .conftest import PATIENCE, bank_account_change, token


async def test_who_never_chose_reads_what_edelivery_means_in_four_languages(service):
    person = await service.person()
    answer = (await person.get("/edelivery")).json()
    assert (answer["active"], answer["since"]) == (False, None)
    assert answer["consequences"].keys() == {"fr", "de", "en", "lb"}
    assert "give up the right" in answer["consequences"]["en"]


async def test_a_switch_holds_is_told_and_may_be_repeated(service):
    person = await service.person()
    on = (await person.switches_edelivery(active=True)).json()
    assert (await person.switches_edelivery(active=True)).json() == on
    assert (await person.get("/edelivery")).json() == on
    off = (await person.switches_edelivery(active=False)).json()
    assert (on["active"], off["active"]) == (True, False)
    assert on["since"] < off["since"]
    told = [
        EdeliveryChanged.model_validate_json(record.value) for record in await service.topics.heard(PREFERENCES.name, person.id, count=2)
    ]
    assert [(event.revision, event.active) for event in told] == [(1, True), (2, False)]


async def test_a_switch_wants_a_fresh_login(service):
    person = await service.person()
    answer = await person.switches_edelivery(active=True, logged_in=600)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/fresh-login-needed")
    assert (await person.get("/edelivery")).json()["active"] is False


async def test_a_switch_says_plainly_what_it_wants(service):
    person = await service.person()
    answer = await service.http.put("/api/v1/edelivery", json={"active": "yes"}, headers=token(person.id, "person"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "active"


async def test_a_person_whose_file_has_not_arrived_is_asked_to_try_again(service):
    stranger = token(uuid4(), "person")
    answer = await service.http.put("/api/v1/edelivery", json={"active": True}, headers=stranger)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-on-file-yet")
    assert answer.headers["retry-after"] == "60"


async def test_a_long_list_is_read_part_by_part(service):
    person = await service.person(edelivery=True)
    await service.closes(person, *[bank_account_change() for _ in range(5)])
    whole = await person.receives(exactly=5)
    read, path = [], "/documents?limit=2"
    while path:
        part = (await person.get(path)).json()
        assert len(part["documents"]) <= 2
        read += part["documents"]
        path = f"/documents?limit=2&cursor={part['next_cursor']}" if part["next_cursor"] else ""
    assert read == whole
    answer = await person.get(f"/documents?cursor={uuid4()}")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-cursor")


async def test_what_the_caller_has_at_hand_does_not_travel_again_until_it_changes(service):
    person = await service.person(edelivery=True)
    await service.closes(person)
    (document,) = await person.receives(exactly=1)
    one = f"/documents/{document['id']}"
    at_hand = {path: (await person.get(path)).headers["etag"] for path in ("/documents", one)}
    for path, etag in at_hand.items():
        for known in (etag, f'"other", W/{etag}', "*"):
            answer = await person.get(path, at_hand=known)
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
        assert (await person.get(path, at_hand='"other"')).status_code == 200
    await person.get(f"{one}/pdf")
    for path, etag in at_hand.items():
        answer = await person.get(path, at_hand=etag)
        assert answer.status_code == 200, "it was opened meanwhile"


async def test_letters_are_for_services_and_documents_for_persons(service):
    person = token(uuid4(), "person")
    robot = token("notifications", "service")
    for path in (
        f"/internal/deliveries/{uuid4()}",
        f"/internal/letters/{uuid4()}",
        f"/internal/letters/{uuid4()}/pdf",
        f"/internal/letters/{uuid4()}/address-sheet",
    ):
        assert (await service.http.get(path, headers=person)).status_code == 403
        assert (await service.http.get(path, headers=robot)).status_code == 404
        assert (await service.http.get(path)).status_code == 401
    documents = "/api/v1/documents"
    for path in (
        documents,
        f"{documents}/{uuid4()}",
        f"{documents}/{uuid4()}/pdf",
        f"{documents}.zip?id={uuid4()}",
        "/api/v1/edelivery",
        "/api/v1/deliveries",
    ):
        assert (await service.http.get(path, headers=robot)).status_code == 403
        assert (await service.http.get(path)).status_code == 401


async def test_what_became_of_a_document_is_told_to_its_recipient_and_to_operators(service):
    person, other = await service.person(), await service.person()
    await service.closes(person)
    async with asyncio.timeout(PATIENCE):
        while not (sent := (await person.get("/deliveries")).json()["deliveries"]):
            await asyncio.sleep(0.02)
    (delivery,) = sent
    assert (delivery["channel"], delivery["state"], delivery["stuck"]) == ("post", "letter_requested", False)
    told = (await person.get(f"/documents/{delivery['document']}/evidence")).json()
    assert [step["step"] for step in told["steps"]] == ["ordered", "rendered", "channel_decided", "letter_requested"]
    assert told["steps"][2]["explanation"].startswith("Par la poste")
    in_english = (await service.internal(f"/deliveries/{delivery['document']}")).json()
    assert in_english["steps"][2]["explanation"] == "By post: eDelivery is not activated."
    assert (await other.get(f"/documents/{delivery['document']}/evidence")).status_code == 404
    assert (await other.get("/deliveries")).json() == {"deliveries": [], "next_cursor": None}
    assert (await other.get(f"/deliveries?cursor={delivery['document']}")).json()["type"] == "/problems/unknown-cursor"
    assert (await service.internal(f"/deliveries/{uuid4()}")).status_code == 404


async def test_a_returned_letter_waits_for_an_operator_and_then_lies_in_the_espace(service):
    person = await service.person()
    await service.closes(person)
    async with asyncio.timeout(PATIENCE):
        while not (sent := (await person.get("/deliveries")).json()["deliveries"]):
            await asyncio.sleep(0.02)
    document = DocumentId(UUID(sent[0]["document"]))
    letter = (await service.stored(document)).letter
    await service.topics.say(
        LetterReturned(insured=person.id, letter=letter, document=document, reason=ReturnReason.MOVED, returned_at=utc_now())
    )

    async def stuck():
        waiting = (await service.internal("/deliveries/stuck")).json()["deliveries"]
        return [delivery["state"] for delivery in waiting if delivery["document"] == str(document)]

    async with asyncio.timeout(PATIENCE):
        while not await stuck():
            await asyncio.sleep(0.02)
    assert await stuck() == ["returned"]
    await person.switches_edelivery(active=True)
    (available,) = await person.receives(exactly=1)
    assert available["id"] == str(document)
    assert await stuck() == []


async def test_who_is_not_reached_by_notices_reads_that_documents_come_by_post_until_another_address_is_confirmed(service):
    person = await service.person(edelivery=True)

    async def reads(state):
        async with asyncio.timeout(PATIENCE):
            while (notices := (await person.get("/edelivery")).json()["notices"])["state"] != state:
                await asyncio.sleep(0.02)
        return notices

    assert (await reads("no_address"))["since"] is None
    await service.topics.say(ContactConfirmed(insured=person.id, revision=1, email="a@example.lu", locale=Locale.FRENCH))
    await reads("reachable")
    bounced = NoticeBounced(insured=person.id, notice=uuid4(), means=NoticeMeans.EMAIL, contact_revision=1, bounced_at=utc_now())
    await service.topics.say(bounced)
    told = await reads("bounced")
    assert told["consequence"].keys() == {"fr", "de", "en", "lb"}
    assert "by post until you confirm a new address" in told["consequence"]["en"]
    await service.topics.say(ContactConfirmed(insured=person.id, revision=2, email="b@example.lu", locale=Locale.FRENCH))
    await reads("reachable")


async def test_the_api_describes_each_address_and_field(service):
    described = (await service.http.get("/internal/openapi.json")).json()
    operations = {operation["operationId"]: operation for path in described["paths"].values() for operation in path.values()}
    assert operations.keys() == {
        "listDocuments", "getDocument", "downloadDocument", "getEdelivery", "switchEdelivery", "getLetter", "downloadLetter",
        "typesetAddressSheet", "listDeliveries", "getEvidence", "listStuckDeliveries", "getDeliveryEvidence",
        "downloadDocuments", "archiveDocument", "takeBackDocument", "verifyDocument", "withdrawDocument",
    }  # fmt: skip
    assert all(operation["summary"] for operation in operations.values())
    assert "application/pdf" in json.dumps(operations["downloadDocument"]["responses"]["200"])
