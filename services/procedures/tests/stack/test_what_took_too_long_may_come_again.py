"""A request that takes longer than what it stored is safe from the sweeper: its scanner keeps it, by the service's clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest

from espace_kernel.clock import utc_now
from espace_procedures import wiring
from espace_procedures.domain.attachments import ATTACHED_WITHIN

from .conftest import PDF, Service, bank_statement
from .test_a_procedure_by_direct_link import challenged, form, sends

TOO_LONG = ATTACHED_WITHIN + timedelta(seconds=1)
SENTENCES = {
    "en": "This took longer than 30 minutes on our side, so nothing of it was kept. Send it again; if that takes as long, call the CNS.",
    "fr": "Le traitement a pris plus de 30 minutes de notre côté\u00a0; rien n\u2019en a donc été conservé. Renvoyez le tout\u00a0; ",
    "de": "Das hat bei uns länger als 30 Minuten gedauert, deshalb wurde nichts davon behalten. Senden Sie es noch einmal; ",
    "lb": "Dat huet bei eis méi laang wéi 30 Minutte gedauert, dofir gouf näischt dovu behalen. Schéckt et nach eng Kéier; ",
}


@dataclass
class SlowScanner:
    """A scanner that finds nothing; `takes` is how long the next file keeps it, `passed` how far it has moved the clock."""

    takes: timedelta = timedelta()
    passed: timedelta = timedelta()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            await reader.readexactly(size)
        self.passed, self.takes = self.passed + self.takes, timedelta()
        writer.write(b"stream: OK\0")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def scanning(scanner: SlowScanner) -> AsyncIterator[str]:
    """The address of the scanner while it works."""
    server = await asyncio.start_server(scanner.serve, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.fixture(scope="module")
def scanner() -> SlowScanner:
    return SlowScanner()


@pytest.fixture(scope="module")
async def service(living, scanner) -> AsyncIterator[Service]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "utc_now", lambda: utc_now() + scanner.passed)
        async with scanning(scanner) as address, living(scanner=address) as alive:
            yield alive


@pytest.mark.parametrize(("locale", "sentence"), SENTENCES.items(), ids=SENTENCES)
async def test_a_file_is_not_attached_and_may_be_sent_again(service, scanner, locale, sentence):
    person, key = service.person(), str(uuid4())
    draft = await person.starts(locale=locale)
    scanner.takes = TOO_LONG
    late = await person.ask("POST", f"/{draft['id']}/attachments", key=key, **bank_statement(PDF))
    assert (late.status_code, late.headers["content-type"]) == (503, "application/problem+json")
    assert late.json()["type"] == "/problems/took-too-long"
    assert late.json()["detail"].startswith(sentence)
    assert (await person.reads(draft))["attachments"] == []
    again = await person.ask("POST", f"/{draft['id']}/attachments", key=key, **bank_statement(PDF))
    assert (again.status_code, len(again.json()["attachments"])) == (201, 1)


async def test_a_procedure_without_login_is_not_taken_and_may_be_sent_again_with_a_new_challenge(service, scanner):
    typed, key = await form(service, "Hoffmann", locale="fr"), str(uuid4())
    taken = await service.database["direct_submissions"].count_documents({})
    scanner.takes = TOO_LONG
    late = await sends(service, typed, key=key)
    assert (late.status_code, late.json()["type"]) == (503, "/problems/took-too-long")
    assert late.json()["detail"].startswith(SENTENCES["fr"])
    assert await service.database["direct_submissions"].count_documents({}) == taken
    assert (await sends(service, typed | await challenged(service), key=key)).status_code == 201
