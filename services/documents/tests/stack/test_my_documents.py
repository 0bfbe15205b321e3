"""My documents on the real store and over HTTP: each way to narrow the list, put away, and several as one ZIP."""

from __future__ import annotations

import hashlib
import io
import time
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zipfile import BadZipFile, ZipFile

import pytest
from joserfc import jwt

from espace_contracts.vocabulary import Channel, DocumentId, DocumentType, InsuredId, Locale, ProcedureId
from espace_documents.app.ports import ArchiveDamaged
from espace_documents.domain.document import Document, OpenedBy
from espace_documents.domain.order import Pdf, Source
from espace_documents.domain.reference import reference_of
from espace_documents.domain.selection import Selection
from espace_documents.domain.words import words_of, words_to_find
from espace_documents.events.outgoing import contract_of
from espace_documents.storage.documents import StoredDocuments
from espace_kernel.access import ALGORITHM, AUDIENCE, ISSUER

from .conftest import KEY, SUBSTANTIAL, bank_account_change, token

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ME, OTHER = InsuredId(uuid4()), InsuredId(uuid4())
CHANGE, LETTER = DocumentType.BANK_ACCOUNT_CHANGE, DocumentType.CLOSING_LETTER


def a_document(insured=ME, *, at=NOON, title="Your new account", type_=CHANGE, channel=Channel.EDELIVERY, **became) -> Document:
    document = DocumentId(uuid4())
    return Document(
        id=document,
        insured=insured,
        type=type_,
        locale=Locale.FRENCH,
        reference=reference_of(document),
        source=Source(procedure=ProcedureId(uuid4()), event=uuid4(), ordered_at=at),
        pdf=Pdf(blob=uuid4(), sha256="0" * 64, size=4, pages=1, title=title, rendered_at=at),
        channel=channel,
        words=words_to_find(title, reference_of(document)),
        available_at=at if channel is Channel.EDELIVERY else None,
        **became,
    )


OPENED = {"first_opened_at": NOON, "first_opened_by": OpenedBy.SELF}
MINE = {
    "account": a_document(at=NOON),
    "fees": a_document(at=NOON, title="Remboursement de vos frais médicaux", type_=LETTER),  # of the same millisecond
    "midnight": a_document(at=datetime(2026, 3, 2, 23, 0, tzinfo=UTC)),  # the first moment of 3 March in Luxembourg
    "read": a_document(at=NOON + timedelta(days=2), **OPENED),
    "put away": a_document(at=NOON + timedelta(days=3), title="Remboursement", archived_at=NOON),
    "put away, read": a_document(at=NOON + timedelta(days=3), archived_at=NOON, **OPENED),
    "newest": a_document(at=NOON + timedelta(days=4), title="Œuvres, décompte", type_=DocumentType.COINSURANCE_CERTIFICATE),
}
NOT_THERE = (
    a_document(channel=Channel.POST),
    a_document(erased_at=NOON),
    *(a_document(OTHER, at=NOON + timedelta(days=day), title="Remboursement") for day in range(3)),
)
ALL = ("newest", "read", "midnight", "fees", "account")
SELECTIONS = [
    (Selection(), ALL),
    (Selection(archived=True), ("put away", "put away, read")),
    (Selection(unread=True), ("newest", "midnight", "fees", "account")),
    (Selection(unread=True, archived=True), ("put away",)),
    (Selection(types=frozenset({CHANGE})), ("read", "midnight", "account")),
    (Selection(types=frozenset({CHANGE, LETTER})), ("read", "midnight", "fees", "account")),
    (Selection(types=frozenset({DocumentType.SUBMISSION_RECEIPT})), ()),
    (Selection(first_day=date(2026, 3, 3)), ("newest", "read", "midnight")),
    (Selection(last_day=date(2026, 3, 2)), ("fees", "account")),
    (Selection(first_day=date(2026, 3, 3), last_day=date(2026, 3, 4)), ("read", "midnight")),
    (Selection(first_day=date(2026, 3, 4), last_day=date(2026, 3, 3)), ()),
    (Selection(words=words_of("MÉDIC remb")), ("fees",)),
    (Selection(words=words_of("remb")), ("fees",)),
    (Selection(words=words_of("oeuvre decompte")), ("newest",)),
    (Selection(words=words_of("embours")), ()),
    (Selection(words=words_of(MINE["midnight"].reference.replace("-", ""))), ("midnight",)),
    (Selection(words=words_of(MINE["midnight"].reference[2:])), ("midnight",)),
    (Selection(words=words_of("account"), types=frozenset({CHANGE}), unread=True, last_day=date(2026, 3, 2)), ("account",)),
]


@pytest.fixture(scope="module")
async def documents(store, new_kernel):
    """The documents of two persons, in a database of their own."""
    kernel = new_kernel()
    kernel.name = f"documents-{uuid4().hex[:8]}"
    documents = StoredDocuments(kernel.aggregates("documents", Document, contract_of))
    await documents.prepare()
    for document in (*MINE.values(), *NOT_THERE):
        assert await documents.add(document)
    yield documents
    await kernel.client.close()


@pytest.mark.parametrize(("selection", "names"), SELECTIONS)
@pytest.mark.parametrize("limit", [1, 2, 50])
async def test_a_selection_holds_on_each_part_of_the_list_and_each_document_comes_once(documents, selection, names, limit):
    read, part = [], await documents.in_espace_of(ME, selection, after=None, limit=limit)
    while part:
        assert len(part) <= limit
        read += part
        part = await documents.in_espace_of(ME, selection, after=part[-1], limit=limit)
    assert {document.id for document in read} == {MINE[name].id for name in names}
    assert read == sorted(read, key=lambda document: (document.available_at, document.id.bytes), reverse=True)


async def test_the_unread_are_counted_for_the_person_alone(documents):
    assert await documents.unread_in_espace_of(ME) == 4
    assert await documents.unread_in_espace_of(OTHER) == 3
    assert await documents.unread_in_espace_of(InsuredId(uuid4())) == 0


async def test_a_document_put_away_or_opened_by_a_mandate_holder_comes_back_as_it_was_stored(documents):
    document = a_document(OTHER, channel=Channel.POST)
    await documents.add(document)
    document.note_opening(NOON, OpenedBy.MANDATE)
    document.put_away(NOON)
    await documents.save(document)
    assert await documents.get(document.id) == document
    document.take_back()
    await documents.save(document)
    assert await documents.get(document.id) == document


async def test_the_list_is_narrowed_over_http_and_says_what_it_does_not_take(service):
    person = await service.person(edelivery=True)
    await service.closes(person, bank_account_change(), bank_account_change())
    newer, older = await person.receives(exactly=2)
    today = datetime.fromisoformat(newer["available_at"]).date()
    here = {"from": today - timedelta(days=1), "to": today + timedelta(days=1)}
    for asked, found in (
        (f"type=closing_letter&type=bank_account_change&from={here['from']}&to={here['to']}", [newer, older]),
        (f"q={older['reference'].replace('-', '').lower()}", [older]),
        ("type=closing_letter", []),
        (f"to={here['from'] - timedelta(days=1)}", []),
        ("archived=true", []),
        ("unread=true&q=", [newer, older]),
    ):
        answer = (await person.get(f"/documents?{asked}")).json()
        assert (answer["documents"], answer["unread_count"]) == (found, 2), asked
    for wrong in ("from=0001-01-01", "to=9999-12-31", "from=yesterday", "type=none", f"q={'x' * 101}", "limit=0"):
        assert (await person.get(f"/documents?{wrong}")).status_code == 422, wrong


async def test_a_document_is_put_away_and_taken_back_over_http_however_often(service):
    person, stranger = await service.person(edelivery=True), service.stranger()
    await service.closes(person)
    (document,) = await person.receives(exactly=1)
    path, mine, anothers = f"/api/v1/documents/{document['id']}/archive", token(person.id, "person"), token(stranger.id, "person")
    for method, listed in (("PUT", []), ("DELETE", [document["id"]])):
        for _ in range(2):
            answer = await service.http.request(method, path, headers=mine | {"If-None-Match": "*"})
            assert (answer.status_code, answer.content) == (204, b"")
        assert [row["id"] for row in (await person.get("/documents")).json()["documents"]] == listed
        refused = await service.http.request(method, path, headers=anothers)
        assert (refused.status_code, refused.json()["type"]) == (404, "/problems/not-found")


async def test_several_are_taken_along_as_one_zip(service):
    person = await service.person(edelivery=True)
    await service.closes(person, *[bank_account_change() for _ in range(3)])
    first, second, third = await person.receives(exactly=3)
    answer = await person.get(f"/documents.zip?id={first['id']}&id={second['id']}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="documents.zip"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    with ZipFile(io.BytesIO(answer.content)) as archive:
        hashes = [hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()]
    assert hashes == [first["sha256"], second["sha256"]]
    for document, facts in ((first, (False, "self", True)), (second, (False, "self", True)), (third, (True, None, False))):
        now = (await person.get(f"/documents/{document['id']}")).json()
        assert (now["unread"], now["first_opened_by"], now["downloaded_at"] is not None) == facts


def on_behalf_of(insured) -> dict[str, str]:
    """The headers of somebody who holds a mandate of this person for their documents."""
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": str(insured), "kind": "person", "acr": SUBSTANTIAL, "auth_time": now, "iat": now,
        "exp": now + 120, "act": {"sub": str(uuid4())}, "scope": "documents",
    }  # fmt: skip
    return {"Authorization": f"Bearer {jwt.encode({'alg': ALGORITHM, 'kid': 'test'}, claims, KEY)}"}


async def test_what_a_mandate_holder_opened_first_is_read_and_names_that_it_was_by_mandate(service):
    person = await service.person(edelivery=True)
    await service.closes(person, bank_account_change(), bank_account_change())
    alone, zipped = await person.receives(exactly=2)
    for path in (f"documents/{alone['id']}/pdf", f"documents.zip?id={zipped['id']}"):
        assert (await service.http.get(f"/api/v1/{path}", headers=on_behalf_of(person.id))).status_code == 200
    assert (await person.get(f"/documents/{alone['id']}/pdf")).status_code == 200
    shown = (await person.get("/documents")).json()
    assert [(row["unread"], row["first_opened_by"]) for row in shown["documents"]] == [(False, "mandate")] * 2
    assert shown["unread_count"] == 0


async def test_a_zip_of_what_is_not_there_is_none_and_what_is_asked_for_must_be_clear(service):
    person, other = await service.person(edelivery=True), await service.person(edelivery=True)
    await service.closes(person)
    (document,) = await person.receives(exactly=1)
    mine, unknown = document["id"], uuid4()
    for who, ids in ((person, (mine, unknown)), (other, (mine,))):
        answer = await who.get("/documents.zip?" + "&".join(f"id={one}" for one in ids))
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
        assert mine not in answer.text
    for wrong in ("", f"id={mine}&id={mine}", "id=none", "&".join(f"id={uuid4()}" for _ in range(51))):
        answer = await person.get(f"/documents.zip?{wrong}")
        assert (answer.status_code, answer.json()["errors"][0]["field"].partition(".")[0]) == (422, "id"), wrong
    assert (await person.get(f"/documents/{mine}")).json()["unread"] is True


async def test_a_file_damaged_in_the_archive_breaks_the_zip_off(service):
    person = await service.person(edelivery=True)
    await service.closes(person, bank_account_change(), bank_account_change())
    whole, damaged = await person.receives(exactly=2)
    blob = (await service.stored(UUID(damaged["id"]))).pdf.blob
    await service.kernel.database["pdfs.chunks"].update_one({"files_id": blob, "n": 0}, {"$set": {"data": b"%PDF"}})
    sent = b""
    with pytest.raises(ArchiveDamaged):
        async with service.http.stream(
            "GET", f"/api/v1/documents.zip?id={whole['id']}&id={damaged['id']}", headers=token(person.id, "person")
        ) as answer:
            sent = await answer.aread()
    with pytest.raises(BadZipFile):
        ZipFile(io.BytesIO(sent))
    assert (await person.get(f"/documents/{damaged['id']}")).json()["downloaded_at"] is None
    first = await person.get(f"/documents.zip?id={damaged['id']}")
    assert (first.status_code, first.json()["type"]) == (500, "/problems/archive-damaged")
