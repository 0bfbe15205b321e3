"""The archive on the real store: what lies there, who can read it, and what an erasure leaves."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import secrets as random
import shutil
import sys
from typing import Any
from uuid import UUID, uuid4

import pytest

from espace_contracts.events import NoticeBounced
from espace_contracts.topics import dead_letters_of
from espace_contracts.vocabulary import DocumentId, InsuredId, NoticeMeans
from espace_documents.app.ports import ArchiveDamaged, ArchiveLocked, RecipientErased
from espace_documents.inspection.sealed_file import data_in
from espace_documents.storage.archive import EncryptedArchive
from espace_documents.storage.keys import PersonKeys, Rewrapping
from espace_documents.storage.master_keys import MasterKeys, Wrapped
from espace_documents.storage.pieces import Belonging, decrypt
from espace_documents.storage.wrapping import NotAuthentic
from espace_documents.wiring import erasing, person_keys
from espace_kernel.blobs import Blobs
from espace_kernel.clock import utc_now
from espace_kernel.outcomes import NeverWorks

from .conftest import PATIENCE, Person, Service, token


@pytest.fixture
async def person(service: Service) -> Person:
    return await service.person(edelivery=True)


@pytest.fixture
def command(store, secrets):
    """Runs a command of the service as an operator does: how it ends, and what it says."""
    environment = {"PATH": os.environ["PATH"], "TERM": "dumb", "ESPACE_MONGODB": store.uri, "ESPACE_SECRETS": str(secrets)}

    async def run(*arguments: object, answer: bytes = b"") -> tuple[int | None, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "espace_documents", *map(str, arguments), env=environment,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate(answer)
        return process.returncode, said.decode()

    return run


async def delivered(service: Service, person: Person) -> tuple[UUID, bytes]:
    """The id of a document that the person received, and its file."""
    await service.closes(person)
    (document,) = await person.receives(exactly=1)
    return UUID(document["id"]), (await person.get(f"/documents/{document['id']}/pdf")).content


async def lying_in_the_store(service: Service, blob: UUID) -> bytes:
    """The raw bytes of a file, as whoever copies the store has them."""
    chunks = service.kernel.database["pdfs.chunks"].find({"files_id": blob}, sort=[("n", 1)])
    return b"".join([bytes(chunk["data"]) async for chunk in chunks])


async def parts_of(stored: bytes):
    yield stored


async def read_by_whoever_has(row: dict[str, Any], masters: MasterKeys, stored: bytes, belonging: Belonging) -> bytes:
    """What a thief of the store and of the master keys reads, with what lies under the person's id."""
    key = masters.unwrap(Wrapped(row["master"], bytes(row["key"])), belonging.recipient.bytes)
    return b"".join([piece async for piece, _ in decrypt(parts_of(stored), belonging, key)])


async def test_a_document_is_read_as_it_was_made_and_the_store_has_no_readable_byte_of_it(service, person):
    document, pdf = await delivered(service, person)
    found = await service.stored(document)
    stored = await lying_in_the_store(service, found.pdf.blob)
    assert pdf.startswith(b"%PDF")
    assert (hashlib.sha256(pdf).hexdigest(), len(pdf)) == (found.pdf.sha256, found.pdf.size)
    assert len(stored) > len(pdf)
    assert b"%PDF" not in stored
    assert not any(pdf[start : start + 16] in stored for start in range(0, len(pdf) - 16, 16))


async def test_a_file_put_in_anothers_place_is_not_shown(service, person):
    document, _ = await delivered(service, person)
    await service.closes(person)
    newest, _ = await person.receives(exactly=2)
    documents = service.kernel.database["documents"]
    theirs = (await service.stored(UUID(newest["id"]))).pdf.blob
    await documents.update_one({"_id": UUID(newest["id"])}, {"$set": {"pdf.blob": uuid4()}})  # no two documents may have one file
    await documents.update_one({"_id": document}, {"$set": {"pdf.blob": theirs}})
    answer = await person.get(f"/documents/{document}/pdf")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/archive-damaged")


async def test_while_a_master_key_is_missing_nothing_is_shown_and_nothing_is_lost(service, person):
    document, pdf = await delivered(service, person)
    keys = service.kernel.database["person_keys"]
    row = await keys.find_one({"_id": person.id})
    await keys.update_one({"_id": person.id}, {"$set": {"master": "0011223344556677"}})
    answer = await person.get(f"/documents/{document}/pdf")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/archive-locked")
    await keys.replace_one({"_id": person.id}, row)
    assert (await person.get(f"/documents/{document}/pdf")).content == pdf


async def test_an_erased_person_leaves_bytes_that_nobody_can_read(service, person, command, secrets):
    document, pdf = await delivered(service, person)
    found = await service.stored(document)
    belonging, keys, masters = Belonging(DocumentId(document), person.id), service.kernel.database["person_keys"], MasterKeys(secrets)
    stored = await lying_in_the_store(service, found.pdf.blob)
    assert await read_by_whoever_has(await keys.find_one({"_id": person.id}), masters, stored, belonging) == pdf

    ended, said = await command("erase", person.id, answer=b"n\n")
    assert (ended, "ever be read again" in said) == (1, True)
    assert (await person.get(f"/documents/{document}/pdf")).status_code == 200
    ended, said = await command("erase", person.id, "--yes")
    assert (ended, said.startswith("Erased: 1 documents")) == (0, True), said
    assert await lying_in_the_store(service, found.pdf.blob) == stored, "the bytes still lie there"
    row = await keys.find_one({"_id": person.id})
    assert row.keys() == {"_id", "erased_at"}
    for key in [*masters._keys.values(), bytes(32)]:
        with pytest.raises(NotAuthentic):
            [piece async for piece in decrypt(parts_of(stored), belonging, key)]

    assert (await person.get("/documents")).json()["documents"] == []
    for path in (f"/documents/{document}", f"/documents/{document}/pdf"):
        assert (await person.get(path)).status_code == 404
    assert await service.kernel.database["preferences"].find_one({"_id": person.id}) is None
    assert (await service.kernel.database["recipients"].find_one({"_id": person.id})).keys() == {"_id", "revision"}
    row = await service.kernel.database["documents"].find_one({"_id": document})
    assert not any(secret in str(row) for secret in ("Sophie", "Hoffmann", found.pdf.title))


async def test_whoever_holds_a_paper_of_an_erased_person_still_learns_that_it_is_genuine(service, person):
    _, pdf = await delivered(service, person)
    code = data_in(pdf)["verification"]
    before = (await service.http.get(f"/api/v1/verifications/{code}")).json()
    await erasing(service.kernel)(person.id)
    assert (await service.http.get(f"/api/v1/verifications/{code}")).json() == before
    assert before["finding"] == "genuine"


@pytest.mark.parametrize("why", ["recipient-erased", "document-withdrawn"])
async def test_a_letter_that_waits_when_its_recipient_is_erased_or_its_document_withdrawn_is_gone_for_good(service, why):
    person = await service.person()
    await service.closes(person)
    async with asyncio.timeout(PATIENCE):
        while (row := await service.kernel.database["documents"].find_one({"insured": person.id})) is None:
            await asyncio.sleep(0.02)
    (letter,) = row["letters"]
    assert (await service.internal(f"/letters/{letter}/pdf")).status_code == 200
    if why == "recipient-erased":
        await erasing(service.kernel)(person.id)
    else:
        withdraw = f"/internal/documents/{row['_id']}/withdrawal"
        assert (await service.http.put(withdraw, json={}, headers=token("notifications", "service"))).status_code == 204
    for path in ("", "/pdf", "/address-sheet"):
        answer = await service.internal(f"/letters/{letter}{path}")
        assert (answer.status_code, answer.json()["type"]) == (410, f"/problems/{why}")


async def test_what_comes_late_for_an_erased_person_makes_no_new_key(service, person):
    await delivered(service, person)
    await erasing(service.kernel)(person.id)
    await service.records(person, revision=7)
    late = await service.closes(person)
    (dead,) = await service.topics.heard(dead_letters_of("documents"), person.id, count=1)
    assert (dead.value, b"The recipient was erased" in dict(dead.headers)["espace-error"]) == (late.value, True)
    assert (await service.kernel.database["person_keys"].find_one({"_id": person.id})).keys() == {"_id", "erased_at"}
    assert (await service.kernel.database["recipients"].find_one({"_id": person.id})).keys() == {"_id", "revision"}
    assert await erasing(service.kernel)(person.id) == 0


async def test_an_id_that_is_not_known_erases_nothing(command):
    ended, said = await command("erase", uuid4(), "--yes")
    assert (ended, "nothing was erased" in said) == (1, True)


async def test_a_printed_reference_leads_an_operator_to_what_became_of_the_document_and_to_nothing_else(service, person, command):
    document, _ = await delivered(service, person)
    reference = (await service.stored(document)).reference
    await service.topics.say(
        NoticeBounced(
            insured=person.id, notice=uuid4(), means=NoticeMeans.EMAIL, contact_revision=1, bounced_at=utc_now(),
            document=DocumentId(document), reminder=1,
        )
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE):
        while not [step for step in (await person.get(f"/documents/{document}/evidence")).json()["steps"] if step["means"]]:
            await asyncio.sleep(0.02)
    ended, said = await command("trace", reference.lower())
    lines = said.splitlines()
    assert ended == 0, said
    assert lines[:4] == [
        f"document   {document}", f"reference  {reference}", "type       bank_account_change", "channel    edelivery",
    ]  # fmt: skip
    assert [line.split(", ")[0].split()[-1] for line in lines[lines.index("steps") + 1 :]] == [
        "ordered", "rendered", "channel_decided", "available", "first_opened", "downloaded", "notice_bounced",
    ]  # fmt: skip
    assert lines[-1].endswith("notice_bounced, delivery 1, reminder 1, email")
    assert not [told for told in ("Sophie", "Hoffmann", "Gare", "LU28", str(person.id), "Bank") if told in said]
    await service.kernel.database["documents"].update_one({"_id": document}, {"$set": {"reference": "D-0000-0000-0000"}})
    ended, said = await command("trace", reference)
    assert (ended, f"No document bears the reference {reference}." in said) == (1, True)
    ended, said = await command("trace", "L-7F3K-2M9Q-XB4A")
    assert (ended, "no reference of a document" in said) == (1, True)


async def test_after_a_change_of_the_master_key_everything_is_wrapped_anew_while_the_service_runs(service, person, command, secrets):
    document, pdf = await delivered(service, person)
    keys = service.kernel.database["person_keys"]
    before = await keys.find_one({"_id": person.id})
    (secrets / "documents-archive.2026-12-01.key").write_bytes(base64.b64encode(random.token_bytes(32)))
    ended, said = await command("rewrap")
    assert (ended, "wrapped anew with the newest master key" in said) == (0, True), said
    after = await keys.find_one({"_id": person.id})
    assert before["master"] != after["master"] == MasterKeys(secrets).newest()
    assert (await person.get(f"/documents/{document}/pdf")).content == pdf
    assert await person_keys(service.kernel).rewrap() == Rewrapping(done=0, locked=0)


class TestKeys:
    """The keys of persons, in a database of their own."""

    @pytest.fixture
    async def database(self, new_kernel):
        kernel = new_kernel()
        kernel.name = f"documents-{uuid4().hex[:8]}"
        yield kernel.database
        await kernel.client.close()

    @pytest.fixture
    def folder(self, secrets, tmp_path):
        shutil.copy(secrets / "documents-archive.key", tmp_path)
        return tmp_path

    @pytest.fixture
    def keys(self, database, folder) -> PersonKeys:
        return PersonKeys(database["person_keys"], MasterKeys(folder))

    async def test_two_replicas_that_make_a_first_key_at_once_end_with_one(self, database, folder):
        replicas = [PersonKeys(database["person_keys"], MasterKeys(folder)) for _ in range(8)]
        for _ in range(5):
            insured = InsuredId(uuid4())
            assert len(set(await asyncio.gather(*(keys.key_for(insured) for keys in replicas)))) == 1

    async def test_a_key_that_is_made_while_its_person_is_erased_does_not_survive(self, keys):
        for _ in range(5):
            insured = InsuredId(uuid4())
            await asyncio.gather(
                keys.key_for(insured), keys.erase(insured, utc_now()), keys.erase(insured, utc_now()), return_exceptions=True
            )
            with pytest.raises(RecipientErased):
                await keys.key_for(insured)

    async def test_who_dies_between_a_persons_key_and_the_file_leaves_a_key_for_the_next_try(self, keys):
        insured = InsuredId(uuid4())
        made = await keys.key_for(insured)
        assert await keys.key_for(insured) == await keys.key_of(insured) == made
        assert await keys.key_of(InsuredId(uuid4())) is None

    async def test_a_key_that_was_damaged_or_moved_to_another_person_opens_nothing(self, keys, database):
        insured, other = InsuredId(uuid4()), InsuredId(uuid4())
        for each in (insured, other):
            await keys.key_for(each)
        row = await database["person_keys"].find_one({"_id": other})
        await database["person_keys"].update_one({"_id": insured}, {"$set": {"key": row["key"]}})
        with pytest.raises(ArchiveDamaged):
            await keys.key_of(insured)
        with pytest.raises(NeverWorks, match="Restore the collection person_keys"):
            await EncryptedArchive(Blobs(database, "pdfs"), keys).put(b"%PDF", DocumentId(uuid4()), insured)

    async def test_what_cannot_be_opened_is_not_wrapped_anew_and_an_erased_person_gets_no_key_by_it(self, keys, database, folder):
        lost, kept, erased = (InsuredId(uuid4()) for _ in range(3))
        for each in (lost, kept, erased):
            await keys.key_for(each)
        await database["person_keys"].update_one({"_id": lost}, {"$set": {"master": "0011223344556677"}})
        await keys.erase(erased, utc_now())
        (folder / "documents-archive.2026-12-01.key").write_bytes(base64.b64encode(random.token_bytes(32)))
        assert await keys.rewrap() == Rewrapping(done=1, locked=1)
        with pytest.raises(ArchiveLocked):
            await keys.key_of(lost)
        with pytest.raises(RecipientErased):
            await keys.key_of(erased)

    async def test_an_erasure_is_settled_once(self, keys):
        insured, before = InsuredId(uuid4()), utc_now()
        await keys.prepare()
        await keys.erase(insured, before)
        assert await keys.erased_and_unsettled(before, limit=9) == []
        assert await keys.erased_and_unsettled(utc_now(), limit=9) == [insured]
        await keys.settle(insured, utc_now())
        assert await keys.erased_and_unsettled(utc_now(), limit=9) == []
