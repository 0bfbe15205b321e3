"""What every replica hears from its start on: on the real broker, without a group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.admin import NewTopic

from espace_embedded import ports
from espace_embedded.broker import Broker
from espace_kernel.envelope import Received, message_for
from espace_kernel.service import Kernel, Wiring, working
from espace_kernel.settings import ServiceSettings
from espace_kernel.subscriptions import Subscriptions

from .conftest import NOTES, Handled, NoteUnread, NoteWritten


class Watcher:
    """One replica of a service that watches the notes and has neither a store nor a group."""

    def __init__(self, address: str) -> None:
        self.kernel = Kernel("watcher", ServiceSettings(kafka=address, port=0))
        self.heard = Handled()
        watches: Subscriptions[Handled] = Subscriptions("watcher")

        @watches.to(NoteWritten)
        async def note(event: Received[NoteWritten], heard: Handled) -> None:
            if event.data.text == "defect":
                raise ZeroDivisionError
            heard.events.append(event)

        self.wiring = Wiring(watches=watches, use_cases=self.heard)

    async def until(self, *texts: str) -> None:
        """Once it heard these, and no others."""
        await self.heard.until(lambda events: len(events) >= len(texts))
        assert sorted(event.data.text for event in self.heard.events) == sorted(texts)


@asynccontextmanager
async def watching(address: str) -> AsyncIterator[Watcher]:
    """A watcher that is ready."""
    watcher = Watcher(address)
    async with working(watcher.kernel, watcher.wiring):
        async with asyncio.timeout(30):
            while watcher.kernel.health.obstacles:
                await asyncio.sleep(0.02)
        yield watcher


async def say(address: str, *texts: str, insured=None) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=address)
    await producer.start()
    for text in texts:
        if text == "rubbish":
            await producer.send_and_wait(NOTES.name, value=b"{", headers=[("ce_type", b"\xff")], partition=0)
            await producer.send_and_wait(
                NOTES.name, value=b"{}", headers=[("ce_specversion", b"1.0"), ("ce_type", b"of.nobody")], partition=1
            )
            continue
        if text == "unread":
            message = message_for(NoteUnread(insured=insured or uuid4(), note=uuid4()))
        else:
            message = message_for(NoteWritten(insured=insured or uuid4(), note=uuid4(), text=text))
        await producer.send_and_wait(message.topic, value=message.value, key=message.key, headers=list(message.headers))
    await producer.stop()


async def test_every_replica_hears_all_that_comes_from_its_start_on(broker, topics):
    await say(broker.address, "before", "before")
    async with watching(broker.address) as first:
        await say(broker.address, *(f"to one {number}" for number in range(8)))
        await first.until(*(f"to one {number}" for number in range(8)))
        first.heard.events.clear()
        async with watching(broker.address) as second:
            await say(broker.address, "to both", "to both")
            await first.until("to both", "to both")
            await second.until("to both", "to both")


async def test_one_persons_events_are_heard_in_order(broker, topics):
    async with watching(broker.address) as watcher:
        texts = [str(number) for number in range(30)]
        await say(broker.address, *texts, insured=uuid4())
        await watcher.heard.until(lambda events: len(events) == 30)
    assert [event.data.text for event in watcher.heard.events] == texts


async def test_what_cannot_be_read_or_handled_is_logged_and_passed_over(broker, topics):
    async with watching(broker.address) as watcher:
        with structlog.testing.capture_logs() as lines:
            await say(broker.address, "rubbish", "defect", "unread", "good", insured=uuid4())
            await watcher.until("good")
            async with asyncio.timeout(30):
                while len([line for line in lines if line["log_level"] in ("warning", "error")]) < 3:
                    await asyncio.sleep(0.02)
        assert watcher.kernel.health.obstacles == {}
    said = [line["event"] for line in lines if line["log_level"] in ("warning", "error")]
    assert sorted(said) == ["a watched event was not handled", "a watched message cannot be read", "a watched message cannot be read"]


async def test_without_a_broker_it_is_unready_and_stops_at_once():
    watcher = Watcher("127.0.0.1:1")
    async with asyncio.timeout(5), working(watcher.kernel, watcher.wiring):
        while "broker" not in watcher.kernel.health.obstacles.get("watch", ""):
            await asyncio.sleep(0.02)


@pytest.fixture
async def own_broker(java, tmp_path) -> AsyncIterator[Broker]:
    """One that a test may stop."""
    first, second = ports.free(2)
    made = Broker(java, tmp_path / "kafka", (first, second), print)
    try:
        await made.start()
        await made.wait_ready()
        await made.create(NewTopic(NOTES.name, NOTES.partitions, 1))
        yield made
    finally:
        await made.stop()


async def test_after_the_broker_was_away_it_goes_on_where_it_was(own_broker):
    async with watching(own_broker.address) as watcher:
        await say(own_broker.address, "before")
        await watcher.until("before")
        await own_broker.kill()
        await own_broker.wait_ready()
        await say(own_broker.address, "after")
        await watcher.until("before", "after")
