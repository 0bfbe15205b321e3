"""The stand-in as a process lives it, on the real broker and the real store; the eSpace's side of the topics is played by the test."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from espace_cns_core.settings import Settings
from espace_cns_core.wiring import wire
from espace_contracts.events import AttachmentReference, ProcedureForwarded
from espace_contracts.topics import BENEFITS, DECISIONS, PERSONS, topics_on_the_broker
from espace_contracts.vocabulary import AttachmentId, ClaimCheck, InsuredId, Locale, ProcedureId, ProcedureKind
from espace_kernel.envelope import Message, message_for
from espace_kernel.service import Kernel, application, working

OFFSETS = count()
STATEMENT = AttachmentReference(
    id=AttachmentId(uuid4()), role="bank_statement", file=ClaimCheck(sha256="0" * 64, size=1, media_type="application/pdf")
)


@dataclass
class Wire:
    """The topics as the eSpace sees them: what the stand-in said, and where submissions are forwarded."""

    producer: AIOKafkaProducer
    heard: list[Any] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        await self.producer.send_and_wait(message.topic, message.value, key=message.key, headers=list(message.headers))

    def about(self, subject: object) -> list[tuple[str, dict[str, Any]]]:
        """Type and data of each event about this subject, in order."""
        headers = [(dict(record.headers), record) for record in self.heard]
        return [
            (attributes["ce_type"].decode(), _json(record.value))
            for attributes, record in headers
            if attributes["ce_subject"].decode() == str(subject)
        ]

    async def until(self, subject: object, event_type: str, times: int = 1) -> dict[str, Any]:
        """The data of the last such event, once it came that often."""
        async with asyncio.timeout(30):
            while len(found := [data for kind, data in self.about(subject) if kind == event_type]) < times:
                await asyncio.sleep(0.02)
        assert len(found) == times
        return found[-1]


def _json(value: bytes) -> dict[str, Any]:
    data: dict[str, Any] = httpx.Response(200, content=value).json()
    return data


@dataclass
class Core:
    """The running stand-in."""

    http: httpx.AsyncClient

    async def person(self, *, family: bool = False) -> dict[str, Any]:
        """A synthetic person no other test has."""
        answer = await self.http.post("/internal/persons", json={"count": 1, "offset": next(OFFSETS), "family": family})
        assert answer.status_code == 200
        person: dict[str, Any] = answer.json()["persons"][0]
        return person


@pytest.fixture(scope="package")
async def wire_(broker) -> AsyncIterator[Wire]:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    there = set(await admin.list_topics())
    await admin.create_topics([NewTopic(topic.name, topic.partitions, 1) for topic in topics_on_the_broker() if topic.name not in there])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=broker.address)
    consumer = AIOKafkaConsumer(PERSONS.name, BENEFITS.name, DECISIONS.name, bootstrap_servers=broker.address, auto_offset_reset="earliest")
    await producer.start()
    await consumer.start()
    wire = Wire(producer)

    async def listen() -> None:
        async for record in consumer:
            wire.heard.append(record)

    listening = asyncio.create_task(listen())
    yield wire
    listening.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await listening
    await consumer.stop()
    await producer.stop()


@pytest.fixture
def core(broker, store, wire_) -> Callable[..., AbstractAsyncContextManager[Core]]:
    """Starts the stand-in: `async with core(auto_decide=False) as fund`."""

    @asynccontextmanager
    async def running(*, auto_decide: bool = True) -> AsyncIterator[Core]:
        kernel = Kernel("cns-core", Settings(kafka=broker.address, mongodb=store.uri, auto_decide=auto_decide))
        wiring = wire(kernel)
        transport = httpx.ASGITransport(application(kernel, wiring))
        async with working(kernel, wiring), httpx.AsyncClient(transport=transport, base_url="http://cns-core") as http:
            yield Core(http)

    return running


@pytest.fixture
def forwards(wire_) -> Callable[..., Awaitable[Message]]:
    """Forwards a change of bank details of a person, as procedures would."""

    async def forward(person: dict[str, Any], procedure: UUID, **changes: Any) -> Message:
        forwarded = ProcedureForwarded(
            **{
                "insured": InsuredId(UUID(person["insured"])),
                "procedure": ProcedureId(procedure),
                "kind": ProcedureKind.BANK_DETAILS_CHANGE,
                "submission": 1,
                "locale": Locale.GERMAN,
                "answers": {"iban": "LU280019400644750000", "holder": "Test"},
                "attachments": (STATEMENT,),
                **changes,
            }
        )
        message = message_for(forwarded)
        await wire_.send(message)
        return message

    return forward
