"""Attachments on the real store: looked into, sealed, and given back whole."""

from __future__ import annotations

import asyncio
import hashlib
import io
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from PIL import Image

from .conftest import PDF, bank_statement

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def photograph() -> bytes:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "the telephone of Sophie"
    Image.new("RGB", (60, 30), "red").save(file, "JPEG", exif=exif)
    return file.getvalue()


def with_script() -> bytes:
    file = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as made:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        made.save(file)
    return file.getvalue()


async def test_a_file_comes_back_as_it_was_and_the_store_never_saw_it(service):
    person = service.person()
    draft = await person.attaches(await person.starts(), PDF)
    [attachment] = draft["attachments"]
    assert attachment["sha256"] == hashlib.sha256(PDF).hexdigest()
    path = f"/{draft['id']}/attachments/{attachment['id']}/file"
    answer = await person.ask("GET", path)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="bank_statement.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = await person.ask("GET", path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await service.person().ask("GET", path)).status_code == 404
    async for chunk in service.database["attachments.chunks"].find({}):
        assert b"%PDF" not in bytes(chunk["data"])


async def test_a_photograph_is_kept_without_what_it_tells_of_its_maker(service):
    person = service.person()
    draft = await person.attaches(await person.starts(), photograph())
    [attachment] = draft["attachments"]
    kept = (await person.ask("GET", f"/{draft['id']}/attachments/{attachment['id']}/file")).content
    assert b"Sophie" not in kept
    assert (attachment["media_type"], attachment["size"]) == ("image/jpeg", len(kept))
    assert Image.open(io.BytesIO(kept)).size == (60, 30)


async def test_an_altered_file_is_not_given_back(service):
    person = service.person()
    draft = await person.attaches(await person.starts(), PDF)
    [attachment] = draft["attachments"]
    kept = await service.database["procedures"].find_one({"attachments.sha256": attachment["sha256"], "insured": person.insured})
    blob = kept["attachments"][0]["blob"]
    chunk = await service.database["attachments.chunks"].find_one({"files_id": blob, "n": 0})
    await service.database["attachments.chunks"].update_one({"_id": chunk["_id"]}, {"$set": {"data": bytes(chunk["data"])[:-1] + b"!"}})
    answer = await person.ask("GET", f"/{draft['id']}/attachments/{attachment['id']}/file")
    assert problem(answer) == (500, "attachment-altered")


async def test_a_pdf_with_a_script_is_refused_with_the_way_to_mend_it(service):
    person = service.person()
    draft = await person.starts(locale="fr")
    answer = await person.ask("POST", f"/{draft['id']}/attachments", **bank_statement(with_script()))
    assert problem(answer) == (422, "attachment-active-content")
    assert "Imprimez-le dans un nouveau PDF" in answer.json()["detail"]
    assert (await person.reads(draft))["attachments"] == []


@pytest.fixture
async def clamd() -> Any:
    """A scanner that knows EICAR, until it is closed."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
        writer.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server


async def test_with_a_scanner_nothing_is_stored_that_it_knows_or_could_not_see(living, clamd):
    async with living(scanner=f"127.0.0.1:{clamd.sockets[0].getsockname()[1]}") as service:
        person = service.person()
        draft = await person.attaches(await person.starts())
        before = await service.database["attachments.files"].count_documents({})
        infected = await person.ask("POST", f"/{draft['id']}/attachments", **bank_statement(PDF + EICAR))
        assert problem(infected) == (422, "attachment-infected")
        clamd.close()
        key = str(uuid4())
        away = await person.ask("POST", f"/{draft['id']}/attachments", key=key, **bank_statement(PDF))
        assert problem(away) == (503, "scanner-away")
        assert await service.database["attachments.files"].count_documents({}) == before
        assert len((await person.reads(draft))["attachments"]) == 1
