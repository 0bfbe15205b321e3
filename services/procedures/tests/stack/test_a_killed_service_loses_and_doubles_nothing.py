"""The service as a process, killed where it hurts, and started again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import UUID

import httpx
import pytest

from espace_contracts.events import ProcedureForwarded
from espace_embedded import ports
from espace_kernel.clock import utc_now

from .conftest import ANSWERS, CLOSED, Person, bank_statement, page


class Process:
    """`python -m espace_procedures`, with its own identity to ask for keys."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self._environment, self.address = environment | {"ESPACE_PORT": str(port)}, f"http://127.0.0.1:{port}"
        self.running: asyncio.subprocess.Process | None = None

    async def starts(self, crashpoint: str) -> None:
        environment = self._environment | {"CRASHPOINT": crashpoint}
        self.running = await asyncio.create_subprocess_exec(sys.executable, "-m", "espace_procedures", env=environment)
        async with asyncio.timeout(30), httpx.AsyncClient() as http:
            while True:
                try:
                    if (await http.get(f"{self.address}/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)

    async def is_killed(self) -> None:
        assert self.running is not None
        async with asyncio.timeout(30):
            assert await self.running.wait() == -signal.SIGKILL


@pytest.fixture
async def identity(signing_key) -> AsyncIterator[str]:
    """Publishes the key that the tests sign with."""
    keys = json.dumps({"keys": [{**signing_key.as_dict(private=False), "kid": signing_key.thumbprint()}]}).encode()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(keys)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Keys) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
async def process(broker, store, topics, identity, secrets) -> AsyncIterator[Process]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ESPACE_")} | {
        "ESPACE_KAFKA": broker.address, "ESPACE_MONGODB": store.uri, "ESPACE_IDENTITY_URL": identity, "ESPACE_INSTANCE": "1",
        "ESPACE_SECRETS": str(secrets),
    }  # fmt: skip
    made = Process(environment, ports.free(1)[0])
    yield made
    if made.running is not None and made.running.returncode is None:
        made.running.kill()
        await made.running.wait()


@pytest.mark.parametrize("crashpoint", ["store.before_save", "consumer.after_effect"])
async def test_a_decision_closes_once_when_the_service_dies_over_it(living, process, wire_, crashpoint):
    async with living() as service:
        person = service.person()
        forwarded = await person.has_forwarded()
    await process.starts(crashpoint)
    await wire_.tell(person.approval(forwarded))
    await process.is_killed()
    async with living() as service:
        person = Person(service.http, service.key, person.insured)
        closed = await person.sees(forwarded, "closed")
        assert [move["status"] for move in closed["history"]] == ["in_preparation", "forwarded", "closed"]
        marker = await person.saves(await person.starts(), ANSWERS)
        await person.submits(marker)
    await wire_.until(marker["id"], ProcedureForwarded.type)  # told after all that came of the decision
    await wire_.until(forwarded["id"], CLOSED)


async def test_a_file_of_a_request_that_died_is_swept_and_no_other(living, process):
    async with living() as service:
        person = service.person()
        draft = await person.attaches(await person.starts())
        files = service.database["attachments.files"]
        kept = {file["_id"] async for file in files.find({})}
    await process.starts("procedures.file_stored")
    async with httpx.AsyncClient(base_url=process.address) as http:
        with pytest.raises(httpx.TransportError):
            await Person(http, person.key, person.insured).ask("POST", f"/{draft['id']}/attachments", **bank_statement(page(400)))
    await process.is_killed()
    async with living() as service:
        person = Person(service.http, service.key, person.insured)
        assert (await person.reads(draft))["attachments"] == draft["attachments"]
        files = service.database["attachments.files"]
        [orphan] = [file["_id"] async for file in files.find({}) if file["_id"] not in kept]
        [sweeper] = [sweeper for sweeper in service.wiring.sweepers if sweeper.name == "orphan attachments"]
        assert await sweeper.repair() == 0, "it may still be attached"
        await files.update_one({"_id": orphan}, {"$set": {"uploadDate": utc_now() - timedelta(hours=2)}})
        blob = (await service.database.procedures.find_one({"_id": UUID(draft["id"])}))["attachments"][0]["blob"]
        await files.update_one({"_id": blob}, {"$set": {"uploadDate": utc_now() - timedelta(hours=2)}})
        assert await sweeper.repair() == 1
        assert await files.find_one({"_id": orphan}) is None
        assert await files.find_one({"_id": blob})
        assert await sweeper.repair() == 0
