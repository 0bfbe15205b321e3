from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.responses import Response

from espace_contracts.contents import ClosingLetter
from espace_contracts.events import (
    DocumentAvailable,
    DocumentOrder,
    DraftExpiring,
    MessageReceived,
    ProcedureClosed,
    ProcedureForwarded,
    ProcedureToBeCorrected,
    ProcedureWithdrawn,
    SessionsEnded,
)
from espace_contracts.vocabulary import ClaimCheck, DocumentType, Locale, Outcome, ProcedureKind
from espace_gateway.api import live
from espace_gateway.app.live_status import STREAMS_A_PERSON, WAITING, Full, LiveStatus, TooManyStreams
from espace_gateway.domain.news import DraftExpires, Farewell
from espace_kernel.clock import utc_now

from .conftest import CLIENT_SECRET, Identity, opened, served

EVENTS = "/api/v1/events"
PROCEDURE, MESSAGE, DOCUMENT = UUID(int=7), UUID(int=8), UUID(int=9)


class Page:
    """An open page: what it was told, one after the other."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def told(self) -> dict[str, str]:
        """The next event by its fields, or the next comment under the name of nothing. Empty when no more comes."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(30):
            async for line in self._lines:
                if not line:
                    return fields
                name, _, value = line.partition(":")
                fields[name] = value.strip()
        return {}

    async def hears(self, name: str) -> dict[str, Any]:
        """The data of the next event, which has this name."""
        event = await self.told()
        assert event.get("event") == name, event
        data: dict[str, Any] = json.loads(event["data"])
        return data


@asynccontextmanager
async def open_page(door, secret: str | None = None) -> AsyncIterator[Page]:
    """A page that has loaded its lists."""
    cookie = {"cookie": f"espace={secret}"} if secret else door.cookie
    async with door.http.stream("GET", EVENTS, headers=cookie) as answer:
        assert answer.status_code == 200
        page = Page(answer)
        await page.hears("ready")
        yield page


async def open_pages(door, count: int) -> None:
    """Once as many pages are open."""
    async with asyncio.timeout(30):
        while door.live._open != count:
            await asyncio.sleep(0.01)


def about(insured: UUID, **more: Any) -> dict[str, Any]:
    return {"insured": insured, "procedure": PROCEDURE, "kind": ProcedureKind.BANK_DETAILS_CHANGE, "locale": Locale.FRENCH, **more}


def withdrawn(insured: UUID, procedure: UUID = PROCEDURE) -> ProcedureWithdrawn:
    return ProcedureWithdrawn(**{**about(insured, submission=1), "procedure": procedure})


async def test_the_first_thing_on_every_connection_is_to_load_the_lists(door):
    for _ in range(2):
        async with door.http.stream("GET", EVENTS, headers=door.cookie) as answer:
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
            event = await Page(answer).told()
            assert (event["event"], event["retry"]) == ("ready", "3000")
            assert datetime.fromisoformat(json.loads(event["data"])["at"]).tzinfo is not None


async def test_a_page_is_told_what_moves_in_order(door):
    insured = door.person.insured
    submission = about(insured, submission=1)
    async with open_page(door) as page:
        await door.hears(ProcedureForwarded(**submission, answers={"iban": "LU28"}, attachments=()))
        await door.hears(ProcedureToBeCorrected(**submission))
        await door.hears(ProcedureClosed(**about(insured, outcome=Outcome.APPROVED, documents=())))
        await door.hears(withdrawn(insured))
        await door.hears(MessageReceived(**about(insured, message=MESSAGE)))
        await door.hears(DraftExpiring(**about(insured, expires_on=date(2026, 3, 9))))
        pdf = ClaimCheck(sha256="0" * 64, size=1, media_type="application/pdf")
        await door.hears(
            DocumentAvailable(insured=insured, document=DOCUMENT, document_type=DocumentType.CLOSING_LETTER, locale=Locale.FRENCH, pdf=pdf)
        )
        told = [await page.told() for _ in range(7)]
    data = [json.loads(event["data"]) for event in told]
    assert [event["event"] for event in told] == ["status"] * 4 + ["message", "draft-expiring", "document"]
    assert [row["status"] for row in data[:4]] == ["forwarded", "to_be_corrected", "closed", "closed"]
    assert all(row["procedure"] == str(PROCEDURE) for row in data[:6])
    assert (data[4]["message"], data[5]["expires_on"]) == (str(MESSAGE), "2026-03-09")
    assert (data[6]["document"], data[6]["document_type"]) == (str(DOCUMENT), "closing_letter")
    assert all(datetime.fromisoformat(row["at"]).tzinfo == UTC for row in data)
    assert "LU28" not in json.dumps(told), "what was answered is not told"


async def test_only_the_person_concerned_is_told(door):
    other, stranger = door.identity.logs_in()
    async with open_page(door) as own, open_page(door, other) as foreign:
        await door.hears(withdrawn(door.person.insured))
        await door.hears(withdrawn(stranger.insured, UUID(int=70)))
        assert (await own.hears("status"))["procedure"] == str(PROCEDURE)
        assert (await foreign.hears("status"))["procedure"] == str(UUID(int=70))


async def test_what_was_filed_without_login_is_not_followed(door):
    async with open_page(door) as page:
        submission = about(door.person.insured, submission=1, answers={}, attachments=())
        await door.hears(ProcedureForwarded(**submission, with_login=False))
        letter = ClosingLetter(
            procedure_reference="BDC-1", procedure_kind=ProcedureKind.BANK_DETAILS_CHANGE, decided_on=date(2026, 3, 9), reason="No."
        )
        order = DocumentOrder(recipient=door.person.insured, content=letter, by_post=True)
        await door.hears(ProcedureClosed(**about(door.person.insured, outcome=Outcome.REFUSED, documents=(order,))))
        followed = UUID(int=70)
        await door.hears(withdrawn(door.person.insured, followed))
        assert (await page.hears("status"))["procedure"] == str(followed)


async def test_without_a_session_nothing_is_told(door):
    for cookie in ({}, {"cookie": f"espace={'x' * 40}"}):
        answer = await door.http.get(EVENTS, headers=cookie)
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-logged-in")
    assert door.live._open == 0


async def test_an_open_page_alone_keeps_nobody_logged_in(door):
    async with open_page(door):
        assert door.identity.questions == [{"session": door.secret, "counts_as_use": False}]


async def test_when_the_session_ends_so_does_the_stream_and_coming_back_is_refused(door):
    second = f"{door.secret}-2"
    door.identity.sessions[second] = type(door.person)(uuid4(), door.person.insured)
    async with open_page(door) as page, open_page(door, second) as elsewhere:
        ended = door.person.session
        del door.identity.sessions[door.secret]
        await door.hears(SessionsEnded(insured=door.person.insured, sessions=(ended,), ended_at=utc_now()))
        assert await page.hears("end") == {"reason": "session-ended"}
        assert await page.told() == {}
        assert (await door.http.get(EVENTS, headers=door.cookie)).status_code == 401
        await door.hears(withdrawn(door.person.insured))
        await elsewhere.hears("status")


async def test_silence_is_filled_so_that_nobody_takes_it_for_the_end(door, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    async with open_page(door) as page:
        assert [await page.told(), await page.told()] == [{"": "ping"}, {"": "ping"}]


async def test_a_session_that_ended_by_itself_is_noticed(door, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(live, "ASK_SECONDS", 0.0)
    async with open_page(door) as page:
        assert await page.told() == {"": "ping"}
        del door.identity.sessions[door.secret]
        while (event := await page.told()) == {"": "ping"}:
            pass
        assert json.loads(event["data"]) == {"reason": "session-ended"}
    assert all(question["counts_as_use"] is False for question in door.identity.questions)


async def test_while_identity_is_away_nobody_loses_the_page(door, monkeypatch):
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(live, "ASK_SECONDS", 0.0)
    async with open_page(door) as page:

        async def away(_request):
            return Response(status_code=503)

        door.identity.answers = away
        asked = len(door.identity.heard)
        while len(door.identity.heard) < asked + 3:
            assert await page.told() == {"": "ping"}


async def test_a_person_opens_six_pages_and_closing_one_makes_room(door):
    async with AsyncExitStack() as stack:
        for _ in range(STREAMS_A_PERSON - 1):
            await stack.enter_async_context(open_page(door))
        async with open_page(door):
            refused = await door.http.get(EVENTS, headers=door.cookie)
            assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-streams")
            assert int(refused.headers["retry-after"]) > 0
            other, _ = door.identity.logs_in()
            async with open_page(door, other):
                pass
        await open_pages(door, STREAMS_A_PERSON - 1)
        async with open_page(door):
            pass
    await open_pages(door, 0)


async def test_two_hundred_pages_are_each_told_their_own(door):
    async with AsyncExitStack() as stack:
        persons = [door.identity.logs_in() for _ in range(200)]
        pages = [await stack.enter_async_context(open_page(door, secret)) for secret, _ in persons]
        for number, (_, person) in enumerate(persons):
            await door.hears(withdrawn(person.insured, UUID(int=number)))
        told = [(await page.hears("status"))["procedure"] for page in pages]
    assert told == [str(UUID(int=number)) for number in range(200)]
    await open_pages(door, 0)


async def test_who_does_not_read_is_let_go(door, monkeypatch):
    reader, writer = await asyncio.open_connection("127.0.0.1", door.http.base_url.port, limit=1024)
    writer.write(f"GET {EVENTS} HTTP/1.1\r\nHost: x\r\nCookie: {door.cookie['cookie']}\r\n\r\n".encode())
    await reader.readuntil(b"ready")
    monkeypatch.setattr(live, "_event", lambda *_: b"x" * 1_000_000)  # soon fills what the system holds for a reader
    reader._transport.pause_reading()  # type: ignore[attr-defined]  # asyncio's reader has no public way to stop
    async with asyncio.timeout(60):
        while door.live._open == 1:
            await door.hears(withdrawn(door.person.insured))
            await asyncio.sleep(0.005)
    writer.transport.abort()


def test_more_than_can_wait_cuts_a_page_off_and_no_other():
    pages = LiveStatus()
    slow, other = pages.open(UUID(int=1), UUID(int=2)), pages.open(UUID(int=3), UUID(int=4))
    news = DraftExpires(at=utc_now(), procedure=PROCEDURE, expires_on=date(2026, 3, 9))
    for _ in range(WAITING):
        pages.tell(UUID(int=1), news)
    assert not slow.cut.is_set()
    pages.tell(UUID(int=1), news)
    assert (slow.cut.is_set(), other.cut.is_set()) == (True, False)


async def test_a_stopping_process_sends_its_pages_to_another_and_takes_no_new_ones(tmp_path):
    async with opened(tmp_path) as door, open_page(door) as page:
        door.wiring.let_go()
        assert await page.hears("end") == {"reason": "stopping"}
        answer = await door.http.get(EVENTS, headers=door.cookie)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/no-more-streams")


async def test_streams_end_for_their_reasons_only():
    pages = LiveStatus()
    stream = pages.open(UUID(int=1), UUID(int=2))
    pages.end(UUID(int=1), [UUID(int=99)])
    pages.end(UUID(int=99), [UUID(int=2)])
    assert await stream.next(0) is None
    pages.end(UUID(int=1), [UUID(int=2)])
    assert await stream.next(0) is Farewell.SESSION_ENDED
    pages.close(stream)
    for _ in range(STREAMS_A_PERSON):
        pages.open(UUID(int=1), UUID(int=2))
    with pytest.raises(TooManyStreams):
        pages.open(UUID(int=1), UUID(int=3))
    pages.end_all()
    with pytest.raises(Full):
        pages.open(UUID(int=5), UUID(int=2))


async def test_the_process_stops_in_time_while_pages_are_open(tmp_path: Path):
    (tmp_path / "gateway.client-secret").write_text(CLIENT_SECRET)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    identity = Identity()
    async with served(identity) as identity_url, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        variables = {"KAFKA": "127.0.0.1:1", "PORT": str(port), "SECRETS": str(tmp_path), "IDENTITY_URL": identity_url}
        environment = os.environ | {f"ESPACE_{name}": value for name, value in variables.items()}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "espace_gateway", env=environment, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            secret, _ = identity.logs_in()
            headers = {"cookie": f"espace={secret}"}
            await _listening(http)
            async with http.stream("GET", EVENTS, headers=headers) as answer:
                page = Page(answer)
                await page.hears("ready")
                process.send_signal(signal.SIGTERM)
                assert await page.hears("end") == {"reason": "stopping"}
                async with asyncio.timeout(10):
                    assert await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _listening(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                if (await http.get("/livez")).status_code == 200 and "start" not in (await http.get("/readyz")).json()["obstacles"]:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)
