"""Identity alive on the real broker and the real store, and the fund's voice on its topic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from joserfc.jwk import ECKey

from espace_contracts.event import Event
from espace_contracts.topics import ACCOUNTS, PERSONS, topics_of_group
from espace_identity.settings import Settings
from espace_identity.wiring import wire
from espace_kernel.envelope import message_for
from espace_kernel.service import Kernel, application, working

GATEWAY = ("gateway", "the-gateway's-secret")
NOTIFICATIONS = ("notifications", "the-notifications'-secret")


async def until(condition: Callable[[], Awaitable[Any]]) -> Any:
    """What the condition gives, once it is true."""
    async with asyncio.timeout(30):
        while not (answer := await condition()):
            await asyncio.sleep(0.02)
    return answer


@dataclass
class Identity:
    """The service as the others meet it."""

    kernel: Kernel
    http: httpx.AsyncClient
    broker: str

    async def told(self, *events: Event) -> None:
        """The fund tells something."""
        async with AIOKafkaProducer(bootstrap_servers=self.broker) as producer:
            for event in events:
                message = message_for(event)
                await producer.send_and_wait(message.topic, value=message.value, key=message.key, headers=list(message.headers))

    async def log_in(self, matricule: str, cookie: str | None = None) -> httpx.Response:
        headers = {"cookie": f"espace={cookie}"} if cookie else {}
        return await self.http.post("/api/v1/session", json={"matricule": matricule}, headers=headers)

    async def cookie_of(self, matricule: str) -> str:
        """The cookie of a new session, once the person is on file."""

        async def logged_in() -> str | None:
            answer = await self.log_in(matricule)
            return answer.cookies["espace"] if answer.status_code == 201 else None

        cookie: str = await until(logged_in)
        self.http.cookies.clear()
        return cookie

    async def token_for(self, cookie: str, by: tuple[str, str] = GATEWAY) -> httpx.Response:
        return await self.http.post("/internal/sessions/token", json={"session": cookie}, auth=by)


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("identity-secrets")
    (folder / "identity-signing-key.pem").write_bytes(ECKey.generate_key("P-256").as_pem(private=True))
    for name, secret in (GATEWAY, NOTIFICATIONS):
        (folder / f"{name}.client-secret").write_text(secret)
    return folder


@pytest.fixture(scope="session")
async def identity(broker, store, secrets) -> AsyncIterator[Identity]:
    await _create_topics(broker.address)
    settings = Settings(kafka=broker.address, mongodb=store.uri, secrets=secrets, demo_login=True)
    kernel = Kernel("identity", settings)
    wiring = wire(kernel)
    transport = httpx.ASGITransport(application(kernel, wiring))
    async with working(kernel, wiring), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8101") as http:
        yield Identity(kernel, http, broker.address)


async def _create_topics(address: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    there = set(await admin.list_topics())
    wanted = (PERSONS, ACCOUNTS, *topics_of_group("identity"))
    await admin.create_topics([NewTopic(topic.name, topic.partitions, 1) for topic in wanted if topic.name not in there])
    await admin.close()


@pytest.fixture
async def accounts_topic(broker, identity) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(ACCOUNTS.name, bootstrap_servers=broker.address, auto_offset_reset="earliest", enable_auto_commit=False)
    async with consumer:
        yield consumer
