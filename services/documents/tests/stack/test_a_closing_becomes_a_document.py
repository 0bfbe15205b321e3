from __future__ import annotations

import asyncio
import hashlib
import io
import json
from base64 import b64encode
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader

from espace_contracts.contents import AppointmentNotCancelled, ClosingLetter, SubmissionReceipt, SubmittedAnswer
from espace_contracts.events import (
    DocumentAvailable,
    DocumentOrder,
    DocumentOrdered,
    LetterFailed,
    LetterFailure,
    LetterPosted,
    LetterRequested,
)
from espace_contracts.topics import DOCUMENTS, PROCEDURES, dead_letters_of
from espace_contracts.vocabulary import AppointmentMode, LetterId, Locale, PostalAddress, PrintRunId, ProcedureId, ProcedureKind
from espace_documents.domain.channel import ChannelRule
from espace_kernel.clock import utc_now
from espace_kernel.metrics import EVENT_RETRIES

from .conftest import PATIENCE, bank_account_change


async def requested_letter(service, person) -> LetterRequested:
    (record,) = await service.topics.heard(DOCUMENTS.name, person.id, count=1)
    assert dict(record.headers)["ce_type"].decode() == LetterRequested.type
    return LetterRequested.model_validate_json(record.value)


async def test_with_edelivery_the_pdf_lies_in_the_espace_and_is_the_one_that_was_told(service):
    person = await service.person(edelivery=True)
    await service.closes(person)
    (document,) = await person.receives(exactly=1)
    assert (document["type"], document["locale"]) == ("bank_account_change", "de")
    assert document["first_opened_at"] is None
    assert (await person.get(f"/documents/{document['id']}")).json() == document

    answer = await person.get(f"/documents/{document['id']}/pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    sha256 = hashlib.sha256(answer.content)
    assert sha256.hexdigest() == document["sha256"]
    assert answer.headers["etag"] == f'"{document["sha256"]}"'
    assert answer.headers["repr-digest"] == f"sha-256=:{b64encode(sha256.digest()).decode()}:"
    assert answer.headers["content-disposition"] == f'attachment; filename="{document["reference"]}.pdf"'
    assert answer.headers["content-type"] == "application/pdf"
    assert len(answer.content) == document["size"]

    (record,) = await service.topics.heard(DOCUMENTS.name, person.id, count=1)
    assert dict(record.headers)["ce_type"].decode() == DocumentAvailable.type
    told = DocumentAvailable.model_validate_json(record.value)
    assert (str(told.document), told.pdf.sha256, told.pdf.size) == (document["id"], document["sha256"], document["size"])

    read = (await person.get(f"/documents/{document['id']}")).json()
    assert document["available_at"] < read["first_opened_at"] <= read["downloaded_at"]
    await person.get(f"/documents/{document['id']}/pdf")
    assert (await person.get(f"/documents/{document['id']}")).json() == read


async def test_without_edelivery_a_letter_is_requested_and_the_espace_stays_empty(service):
    person = await service.person()
    await service.closes(person)
    told = await requested_letter(service, person)

    letter = (await service.internal(f"/letters/{told.letter}")).json()
    assert letter["addressee"] == {"name": "Sophie Hoffmann", "lines": ["14, rue de la Gare", "L-4571 Oberkorn"], "country": "LU"}
    assert (letter["letter"], letter["document"], letter["pages"]) == (str(told.letter), str(told.document), told.pages)
    assert (letter["sha256"], letter["size"], letter["document_type"]) == (told.pdf.sha256, told.pdf.size, "bank_account_change")
    pdf = await service.internal(f"/letters/{told.letter}/pdf")
    assert hashlib.sha256(pdf.content).hexdigest() == told.pdf.sha256
    sheet = await service.internal(f"/letters/{told.letter}/address-sheet")
    assert sheet.headers["content-type"] == "application/pdf"
    (page,) = PdfReader(io.BytesIO(sheet.content)).pages
    assert "L-4571 Oberkorn" in page.extract_text()

    assert await person.receives(exactly=0) == []
    assert (await person.get(f"/documents/{told.document}")).status_code == 404
    assert (await person.get(f"/documents/{told.document}/pdf")).status_code == 404


async def test_what_was_started_without_login_goes_by_post_though_edelivery_is_on(service):
    person = await service.person(edelivery=True)
    await service.closes(person, without_login=True)
    told = await requested_letter(service, person)
    assert (await service.stored(told.document)).decision.rule is ChannelRule.STARTED_WITHOUT_LOGIN
    assert await person.receives(exactly=0) == []


async def test_a_step_of_a_procedure_leads_to_one_document_however_often_it_is_told(service):
    person = await service.person(edelivery=True)
    refusal = AppointmentNotCancelled(
        procedure_reference="P-7F3K-2M9Q",
        agency_name="Luxembourg",
        agency_address=("4, rue Mercier", "L-2144 Luxembourg"),
        subject="Dokumente und Bescheinigungen",
        mode=AppointmentMode.AT_AGENCY,
        starts_at=utc_now(),
        asked_at=utc_now(),
        cancel_until=utc_now(),
    )
    order = DocumentOrder(recipient=person.id, content=refusal)
    ordered = DocumentOrdered(insured=person.id, order=uuid4(), procedure=ProcedureId(uuid4()), document=order, locale=Locale.GERMAN)
    message = await service.topics.say(ordered)
    await service.topics.send(message)
    await service.closes(person)
    newest, oldest = await person.receives(exactly=2)
    assert (oldest["type"], oldest["procedure"], oldest["locale"]) == ("appointment_not_cancelled", str(ordered.procedure), "de")
    assert newest["type"] == "bank_account_change"


async def test_without_address_the_letter_is_requested_all_the_same(service):
    person = service.stranger()
    await service.records(person, address=None)
    await service.closes(person)
    told = await requested_letter(service, person)
    assert (await service.internal(f"/letters/{told.letter}")).json()["addressee"] is None
    assert (await service.internal(f"/letters/{told.letter}/address-sheet")).status_code == 404


async def test_a_letter_goes_where_the_latest_revision_says_whatever_order_they_came_in(service):
    person = service.stranger()
    new_home = PostalAddress(lines=("3, Um Weier", "L-7307 Steinsel"), country="LU")
    await service.records(person, revision=2, address=new_home)
    await service.records(person, revision=1)
    await service.closes(person)
    told = await requested_letter(service, person)
    assert (await service.internal(f"/letters/{told.letter}")).json()["addressee"]["lines"] == list(new_home.lines)


async def test_what_became_of_a_letter_is_noted_once(service):
    person = await service.person()
    await service.closes(person)
    told = await requested_letter(service, person)
    for _ in range(2):
        await service.topics.say(
            LetterFailed(insured=person.id, letter=told.letter, document=told.document, reason=LetterFailure.NO_USABLE_ADDRESS)
        )
    posted_at = utc_now()
    for at in (posted_at, utc_now()):
        await service.topics.say(
            LetterPosted(insured=person.id, letter=told.letter, document=told.document, print_run=PrintRunId(uuid4()), posted_at=at)
        )
    # the last event of the same person: when it is a dead letter, the others before it are done
    await service.topics.say(
        LetterFailed(insured=person.id, letter=LetterId(uuid4()), document=told.document, reason=LetterFailure.CONTENT_ALTERED)
    )
    await service.topics.heard(dead_letters_of("documents"), person.id, count=1)
    document = await service.stored(told.document)
    assert (document.last.posted_at, document.last.failure, document.version) == (posted_at, "no_usable_address", 3)


async def test_an_event_that_comes_three_times_makes_one_document(service):
    person = await service.person(edelivery=True)
    message = await service.closes(person)
    await service.topics.send(message)
    await service.topics.send(message)
    later = await service.closes(person)
    documents = await person.receives(exactly=2)
    assert len({document["procedure"] for document in documents}) == 2
    assert documents[0]["procedure"] == json.loads(later.value)["procedure"]
    await service.topics.heard(DOCUMENTS.name, person.id, count=2)


async def test_each_document_of_one_closing_reaches_the_recipient(service):
    person = await service.person(edelivery=True)
    refusal = ClosingLetter(
        procedure_reference="P-7F3K-2M9Q",
        procedure_kind=ProcedureKind.BANK_DETAILS_CHANGE,
        decided_on=bank_account_change().effective_on,
        reason="Das angegebene Konto gehört nicht Ihnen.",
    )
    await service.closes(person, bank_account_change(), refusal)
    documents = await person.receives(exactly=2)
    assert {document["type"] for document in documents} == {"bank_account_change", "closing_letter"}
    only = (await person.get("/documents?type=closing_letter")).json()["documents"]
    assert [document["type"] for document in only] == ["closing_letter"]


async def test_a_document_waits_for_the_file_on_its_recipient(service):
    person = service.stranger()
    tried = EVENT_RETRIES.labels("documents", PROCEDURES.name)
    before = tried._value.get()
    await service.closes(person)
    async with asyncio.timeout(PATIENCE):
        while tried._value.get() == before:
            await asyncio.sleep(0.01)
    await service.records(person)
    await requested_letter(service, person)


UNPRINTABLE = bank_account_change(holder="\N{SNOWMAN WITHOUT SNOW}\U00013080")
BOMB = SubmissionReceipt(
    procedure_reference="BDC-7F3K-2M9Q",
    procedure_kind=ProcedureKind.BANK_DETAILS_CHANGE,
    submitted_at=utc_now(),
    submission=1,
    answers=(SubmittedAnswer(question="W" * 120, answer="W" * 20_000),) * 30,
)
"""Words so long that typesetting them takes minutes."""


@pytest.mark.parametrize("content", [UNPRINTABLE, BOMB], ids=["unprintable", "bomb"])
async def test_what_cannot_be_printed_becomes_a_dead_letter_and_the_next_person_is_served(service, content):
    unlucky, next_one = await service.person(edelivery=True), await service.person(edelivery=True)
    poison = await service.closes(unlucky, content)
    await service.closes(next_one)
    await next_one.receives(exactly=1)
    (dead,) = await service.topics.heard(dead_letters_of("documents"), unlucky.id, count=1)
    about = dict(dead.headers)
    assert (dead.value, about["ce_id"].decode()) == (poison.value, poison.id)
    assert about["espace-reason"] == b"never_works"
    assert b"replay" in about["espace-error"]
    await service.closes(unlucky)
    await unlucky.receives(exactly=1)


async def test_a_closing_without_its_content_becomes_a_dead_letter_and_the_persons_next_one_is_served(service):
    person = await service.person(edelivery=True)
    sound = await service.closes(person)
    await person.receives(exactly=1)
    data = json.loads(sound.value)
    del data["documents"][0]["content"]["holder"]
    headers = tuple((name, str(uuid4()).encode() if name == "ce_id" else value) for name, value in sound.headers)
    await service.topics.send(type(sound)(str(uuid4()), sound.topic, sound.key, headers, json.dumps(data).encode()))
    await service.closes(person)
    await person.receives(exactly=2)
    (dead,) = await service.topics.heard(dead_letters_of("documents"), person.id, count=1)
    assert b"holder" in dict(dead.headers)["espace-error"]


async def test_another_persons_document_is_answered_as_if_there_were_none(service):
    person, other = await service.person(edelivery=True), await service.person(edelivery=True)
    await service.closes(person)
    (document,) = await person.receives(exactly=1)
    for path in (f"/documents/{document['id']}", f"/documents/{document['id']}/pdf"):
        theirs, nobodys = await other.get(path), await other.get(path.replace(document["id"], str(uuid4())))
        assert theirs.status_code == nobodys.status_code == 404
        assert theirs.json() == nobodys.json()
    assert await other.receives(exactly=0) == []
    assert (await person.get(f"/documents/{document['id']}")).json()["first_opened_at"] is None


async def test_an_altered_file_is_not_shown(service):
    person = await service.person(edelivery=True)
    await service.closes(person)
    (listed,) = await person.receives(exactly=1)
    document = await service.stored(UUID(listed["id"]))
    chunks = service.kernel.database["pdfs.chunks"]
    chunk = await chunks.find_one({"files_id": document.pdf.blob, "n": 0})
    await chunks.update_one({"_id": chunk["_id"]}, {"$set": {"data": b"%PDF-" + chunk["data"][5:-1] + b"!"}})
    answer = await person.get(f"/documents/{listed['id']}/pdf")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/archive-damaged")
    assert b"%PDF" not in answer.content
    assert (await person.get(f"/documents/{listed['id']}")).json()["first_opened_at"] is None
