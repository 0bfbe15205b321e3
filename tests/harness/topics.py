"""Every topic as an outsider sees it: what was said about a person, what became a dead letter, and whether all has been heard."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from espace_contracts.topics import all_topics, consumer_groups, dead_letters_of, topics_on_the_broker
from espace_kernel.store import connect

from .procedure import RECEIPT
from .waiting import until


@dataclass(frozen=True)
class Said:
    """One record."""

    topic: str
    headers: Mapping[str, str]
    value: bytes

    @property
    def type(self) -> str:
        return self.headers.get("ce_type", "")

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.value)
        return data

    @property
    def is_of_a_receipt(self) -> bool:
        """Whether it orders a submission's receipt, or tells of one."""
        return RECEIPT.encode() in self.value


class Topics:
    """Listens to all topics for the whole session."""

    def __init__(self, kafka: str, mongodb: str) -> None:
        self._kafka, self._mongodb = kafka, mongodb
        self._heard: dict[str | None, list[Said]] = defaultdict(list)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        names = [topic.name for topic in topics_on_the_broker()]
        self._consumer = AIOKafkaConsumer(*names, bootstrap_servers=self._kafka, auto_offset_reset="earliest")
        self._producer = AIOKafkaProducer(bootstrap_servers=self._kafka)
        self._admin = AIOKafkaAdminClient(bootstrap_servers=self._kafka)
        self._store = connect(self._mongodb)
        async with contextlib.AsyncExitStack() as stack:
            for client in (self._consumer, self._producer):
                await client.start()
                stack.push_async_callback(client.stop)
            await self._admin.start()
            stack.push_async_callback(self._admin.close)
            stack.push_async_callback(self._store.close)
            hearing = asyncio.create_task(self._hear())
            yield
            hearing.cancel()
            await asyncio.gather(hearing, return_exceptions=True)

    async def _hear(self) -> None:
        async for record in self._consumer:
            headers = {name: value.decode(errors="replace") for name, value in record.headers}
            self._heard[record.key.decode() if record.key else None].append(Said(record.topic, headers, record.value))

    def about(self, insured: str, event_type: str | None = None) -> list[Said]:
        """What was said on the declared topics about a person but for receipts, in order, each event once however often it was sent."""
        declared = {topic.name for topic in all_topics()}
        said = {
            event.headers.get("ce_id", str(index)): event for index, event in enumerate(self._heard[insured]) if event.topic in declared
        }
        return [event for event in said.values() if event_type in (None, event.type) and not event.is_of_a_receipt]

    async def hears(self, insured: str, event_type: str, times: int = 1) -> Said:
        """The last such event, once there are as many."""

        async def enough() -> list[Said]:
            found = self.about(insured, event_type)
            return found if len(found) >= times else []

        found = await until(enough, f"{event_type}, {times} times")
        assert len(found) == times
        return found[-1]

    async def dead_letter(self, group: str, insured: str) -> Said:
        """The one dead letter of a group about a person."""

        async def found() -> list[Said]:
            return [event for event in self._heard[insured] if event.topic == dead_letters_of(group)]

        (letter,) = await until(found, f"a dead letter of {group}")
        return letter

    def dead_letters(self, insured: str) -> list[str]:
        """The groups that gave up a message about this person, sorted."""
        return sorted(event.headers["espace-group"] for event in self._heard[insured] if event.topic.endswith("-dlt"))

    async def say(self, topic: str, insured: str, event_type: str, value: bytes) -> str:
        """Send what no part would send; its id."""
        event_id = str(uuid4())
        attributes = {
            "ce_specversion": "1.0", "ce_id": event_id, "ce_source": "/test", "ce_type": event_type, "ce_time": "2026-03-04T06:30:02Z",
            "ce_subject": str(uuid4()), "ce_partitionkey": insured, "content-type": "application/json",
        }  # fmt: skip
        headers = [(name, text.encode()) for name, text in attributes.items()]
        await self._producer.send_and_wait(topic, value, key=insured.encode(), headers=headers)
        return event_id

    async def are_quiet(self) -> None:
        """Returns when nothing is under way: all is heard, and no notice or letter waits. What has not happened by then will not happen by
        itself."""

        async def quiet() -> bool:
            return not await self._notices_or_letters_wait() and await self._all_is_heard() and not await self._notices_or_letters_wait()

        await until(quiet, "silence on the topics")

    async def are_heard(self) -> None:
        """Returns when no outbox holds a message, every group has handled all that was ever said, and nothing was said meanwhile."""
        await until(self._all_is_heard, "every event to be handled")

    async def _all_is_heard(self) -> bool:
        if await self._outboxes_hold_something():
            return False
        before = await self._ends()
        return await self._handled_until(before) and not await self._outboxes_hold_something() and await self._ends() == before

    async def _ends(self) -> dict[Any, int]:
        partitions = [partition for topic in all_topics() for partition in await self._partitions(topic.name)]
        ends: dict[Any, int] = await self._consumer.end_offsets(partitions)
        return ends

    async def _partitions(self, topic: str) -> list[Any]:
        return [partition for partition in self._consumer.assignment() if partition.topic == topic]

    async def _handled_until(self, ends: Mapping[Any, int]) -> bool:
        readers = {topic.name: topic.readers for topic in all_topics()}
        for group in consumer_groups():
            handled = await self._admin.list_consumer_group_offsets(group)
            for partition, end in ends.items():
                if group in readers[partition.topic] and end > (handled[partition].offset if partition in handled else 0):
                    return False
        return True

    async def _notices_or_letters_wait(self) -> bool:
        notifications = self._store["espace_notifications"]
        waiting = await notifications["notices"].find_one({"state": "waiting"})
        return bool(waiting or await notifications["letters"].find_one({"state": {"$in": ["queued", "in_run"]}}))

    async def _outboxes_hold_something(self) -> bool:
        for database in await self._store.list_database_names():
            if database.startswith("espace_"):
                for collection in await self._store[database].list_collection_names():
                    if await self._store[database][collection].find_one({"outbox.0": {"$exists": True}}):
                        return True
        return False
