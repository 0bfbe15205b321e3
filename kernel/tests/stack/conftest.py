"""A small service of notes, on the real broker and the real store: enough to see the mechanism work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from espace_contracts.event import Event, Topic
from espace_kernel.aggregate import Aggregate
from espace_kernel.envelope import Received
from espace_kernel.service import Kernel, Wiring, working
from espace_kernel.settings import ServiceSettings
from espace_kernel.store import AggregateStore
from espace_kernel.subscriptions import Subscriptions

NOTES = Topic("test.notes.v1", owner="notes", readers=("notes",), about="Notes, for the kernel's tests.", partitions=2)


class NoteWritten(Event, type="test.note.written.v1", topic=NOTES, subject="note"):
    note: UUID
    text: str


class NoteUnread(Event, type="test.note.unread.v1", topic=NOTES, subject="note"):
    """Declared, but nobody in these tests subscribes to it."""

    note: UUID


@dataclass(frozen=True)
class Written:
    note: UUID
    insured: UUID
    text: str


@dataclass(kw_only=True)
class Note(Aggregate):
    insured: UUID
    text: str
    remark: str | None = None
    tags: tuple[str, ...] = ()

    def write(self, text: str) -> None:
        self.text = text
        self.record(Written(self.id, self.insured, text))


def contract_of(event: Written) -> Event:
    return NoteWritten(insured=event.insured, note=event.note, text=event.text)


@dataclass
class Handled:
    """What the handler of these tests did and saw; `act` is what it does with an event."""

    events: list[Received[NoteWritten]] = field(default_factory=list)
    act: Callable[[Received[NoteWritten]], Awaitable[None]] | None = None

    async def until(self, condition: Callable[[list[Received[NoteWritten]]], bool]) -> None:
        async with asyncio.timeout(30):
            while not condition(self.events):
                await asyncio.sleep(0.02)  # the condition is any function of what was handled


@dataclass
class Notebook:
    """A service under test."""

    kernel: Kernel
    notes: AggregateStore[Note]
    handled: Handled
    wiring: Wiring

    async def written(self, text: str, insured: UUID | None = None) -> Note:
        note = Note(id=uuid4(), insured=insured or uuid4(), text="")
        note.write(text)
        assert await self.notes.add(note)
        return note


async def on_note_written(event: Received[NoteWritten], handled: Handled) -> None:
    if handled.act is not None:
        await handled.act(event)
    handled.events.append(event)


@pytest.fixture(scope="session")
async def topics(broker) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    await admin.create_topics([NewTopic(NOTES.name, NOTES.partitions, 1)])
    await admin.close()


@pytest.fixture
async def notebook(broker, store, topics) -> AsyncIterator[Callable[[], Notebook]]:
    """Makes members of one new group over one new database."""
    name = f"notes-{uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    await admin.create_topics([NewTopic(f"{name}-dlt", 1, 1), NewTopic(f"{name}-replay", 1, 1)])
    await admin.close()
    settings = ServiceSettings(kafka=broker.address, mongodb=store.uri, port=0)
    made: list[Kernel] = []

    def make() -> Notebook:
        kernel = Kernel(name, settings)
        made.append(kernel)
        subscriptions: Subscriptions[Handled] = Subscriptions(name)
        subscriptions.to(NoteWritten)(on_note_written)
        handled = Handled()
        notes = kernel.aggregates("notes", Note, contract_of)
        return Notebook(kernel, notes, handled, Wiring(subscriptions=subscriptions, use_cases=handled))

    yield make
    for kernel in made:
        await kernel.client.close()


@asynccontextmanager
async def alive(notebook: Notebook, ladder: tuple[float, ...] = (0.01, 0.02)) -> AsyncIterator[Notebook]:
    async with working(notebook.kernel, notebook.wiring, ladder):
        yield notebook


@dataclass
class Wire:
    """The topics as an outsider sees them."""

    address: str

    async def send(self, topic: str, value: bytes, headers: list[tuple[str, bytes]], key: bytes | None = None) -> None:
        producer = AIOKafkaProducer(bootstrap_servers=self.address)
        await producer.start()
        await producer.send_and_wait(topic, value=value, key=key, headers=headers)
        await producer.stop()

    async def messages(self, topic: str, matching: Callable[[Any], bool], *, count: int) -> list[Any]:
        """The messages of a topic that match, once there are `count` of them."""
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=self.address, auto_offset_reset="earliest", enable_auto_commit=False)
        await consumer.start()
        found: list[Any] = []
        try:
            async with asyncio.timeout(30):
                while len(found) < count:
                    found += [
                        record for records in (await consumer.getmany(timeout_ms=200)).values() for record in records if matching(record)
                    ]
        finally:
            await consumer.stop()
        return found


@pytest.fixture
def wire(broker) -> Wire:
    return Wire(broker.address)
