"""A whole service process: started, ready, stopped by SIGTERM, killed at each crash point of the kernel while events flow."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from espace_embedded import ports
from espace_kernel.crashpoints import KERNEL_CRASHPOINTS
from espace_kernel.store import connect

COPIER = Path(__file__).parent / "copier.py"


class Copier:
    """`copier.py` as a process, on its own group, database and topic."""

    def __init__(self, broker: str, store: str, name: str, port: int) -> None:
        self.name, self.port = name, port
        self._environment = {name: value for name, value in os.environ.items() if name != "CRASHPOINT"} | {
            "ESPACE_KAFKA": broker, "ESPACE_MONGODB": store, "ESPACE_PORT": str(port), "COPIER_NAME": name, "ESPACE_INSTANCE": "1",
        }  # fmt: skip
        self.process: asyncio.subprocess.Process | None = None

    async def start(self, crashpoint: str = "") -> asyncio.subprocess.Process:
        environment = self._environment | ({"CRASHPOINT": crashpoint} if crashpoint else {})
        self.process = await asyncio.create_subprocess_exec(sys.executable, str(COPIER), env=environment)
        return self.process

    async def ready(self) -> None:
        async with asyncio.timeout(30), httpx.AsyncClient() as http:
            while True:
                try:
                    if (await http.get(f"http://127.0.0.1:{self.port}/readyz")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)

    async def write(self, count: int) -> int:
        """Ask for `count` notes, again and again until each is acknowledged; returns the status of the last refusal or 0."""
        async with httpx.AsyncClient() as http, asyncio.timeout(60):
            for number in range(count):
                while True:
                    try:
                        answer = await http.post(f"http://127.0.0.1:{self.port}/notes/{number}")
                        if answer.status_code == 201:
                            break
                    except httpx.TransportError:
                        pass
                    if self.process is not None and self.process.returncode is not None:
                        return self.process.returncode
                    await asyncio.sleep(0.02)
        return 0


@pytest.fixture
async def copier(broker, store) -> AsyncIterator[Callable[[], Copier]]:
    name = f"copier-{uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 2, 1) for topic in (f"{name}.v1", f"{name}-dlt", f"{name}-replay")])
    await admin.close()
    (port,) = ports.free(1)
    made = Copier(broker.address, store.uri, name, port)
    yield made
    if made.process is not None and made.process.returncode is None:
        made.process.kill()
        await made.process.wait()


@asynccontextmanager
async def database(store, copier):
    async with connect(store.uri) as client:
        yield client[f"espace_{copier.name.replace('-', '_')}"]


async def copied(store, copier, count: int) -> list[int]:
    """The numbers of all copies, once there are at least `count` and every outbox is empty."""
    async with database(store, copier) as db, asyncio.timeout(60):
        while True:
            copies = [document["number"] async for document in db.copies.find({}, {"number": 1})]
            waiting = await db.notes.count_documents({"outbox.id": {"$gt": ""}})
            if len(copies) >= count and not waiting:
                return sorted(copies)
            await asyncio.sleep(0.05)


async def test_sigterm_finishes_what_is_in_flight_and_ends_with_zero(store, copier):
    process = await copier.start()
    await copier.ready()
    await copier.write(20)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        assert await process.wait() == 0
    await copier.start()
    assert await copied(store, copier, 20) == list(range(20))


@pytest.mark.parametrize("crashpoint", KERNEL_CRASHPOINTS)
async def test_a_kill_at_any_crash_point_loses_and_doubles_nothing(store, copier, crashpoint):
    nth = 1 if crashpoint == "consumer.after_commit" else 2  # one commit may cover all events
    process = await copier.start(f"{crashpoint}:{nth}")
    await copier.ready()
    await copier.write(12)
    async with asyncio.timeout(30):
        assert await process.wait() == -signal.SIGKILL, f"{crashpoint} was reached"
    await copier.start()
    await copier.write(12)  # the client asks again for what was not acknowledged, with the same ids
    assert await copied(store, copier, 12) == list(range(12))


async def test_a_service_that_waits_for_its_broker_is_alive_unready_and_stops_when_told(copier):
    copier._environment["ESPACE_KAFKA"] = "127.0.0.1:1"
    process = await copier.start()
    async with httpx.AsyncClient() as http:

        async def obstacles() -> dict[str, str]:
            try:
                return (await http.get(f"http://127.0.0.1:{copier.port}/readyz")).json()["obstacles"]
            except httpx.TransportError:
                return {}

        async with asyncio.timeout(30):
            while "away" not in (await obstacles()).get("consumer", ""):
                await asyncio.sleep(0.05)
        assert (await http.get(f"http://127.0.0.1:{copier.port}/livez")).status_code == 200
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        assert await process.wait() == 0


async def test_a_taken_port_is_told_in_a_sentence(copier):
    await copier.start()
    await copier.ready()
    second = await asyncio.create_subprocess_exec(
        sys.executable, str(COPIER), env=copier._environment, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    _, said = await second.communicate()
    assert second.returncode == 1
    assert f"Port {copier.port} on 127.0.0.1 is taken" in said.decode()
