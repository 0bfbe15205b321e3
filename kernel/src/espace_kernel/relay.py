"""The only producer: takes what aggregates recorded out of their outboxes and sends it, in order, until the broker acknowledges."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from pymongo import UpdateOne

from espace_kernel.crashpoints import reach
from espace_kernel.envelope import Message
from espace_kernel.health import Health
from espace_kernel.logs import logger
from espace_kernel.metrics import OUTBOX_PUBLISHED, OUTBOX_WAITING
from espace_kernel.store import STORE_AWAY, Collection, message_of

log = logger()

_BATCH = 500
"""Aggregates whose outboxes are emptied together, their messages pipelined."""
_POLL_SECONDS = 5.0
"""How often the relay looks for what nobody woke it for: messages of a process that died between saving and sending."""


class Relay:
    """Woken by each save; finds leftovers by polling. Sends at least once: readers recognise a repeat by its id.

    The events of one aggregate are always sent in their order; those of different aggregates in the order they were saved, but for what a
    dead process left behind.
    """

    def __init__(self, kafka: str, health: Health, poll_seconds: float = _POLL_SECONDS) -> None:
        self._kafka, self._health, self._poll_seconds = kafka, health, poll_seconds
        self._collections: list[Collection] = []
        self._woken: dict[str, dict[Any, None]] = defaultdict(dict)  # a dict keeps the order of waking
        self._bell = asyncio.Event()
        self._producer: AIOKafkaProducer | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False

    def watch(self, collection: Collection) -> None:
        """Send what the documents of this collection hold in their outboxes."""
        self._collections.append(collection)

    def wake(self, collection: Collection, document_id: UUID | str) -> None:
        """This document has something to send now."""
        self._woken[collection.name][document_id] = None
        self._bell.set()

    def start(self) -> None:
        """Begin to send, leftovers first."""
        self._task = asyncio.create_task(self._run(), name="relay")

    async def stop(self) -> None:
        """Send what was recorded until now, then end."""
        self._stopping = True
        self._bell.set()
        if self._task is not None:
            await self._task
        await self._drop_producer()

    async def _run(self) -> None:
        next_poll = 0.0
        clock = asyncio.get_running_loop().time
        failures = 0
        while True:
            last_round = self._stopping
            try:
                if clock() >= next_poll:
                    await self._find_leftovers()
                    next_poll = clock() + self._poll_seconds
                await self._empty_woken()
                failures = 0
                self._health.clear("relay")
            except (KafkaError, *STORE_AWAY) as error:
                failures += 1
                log.warning("events wait to be sent", error=type(error).__name__, attempt=failures)
                self._health.obstruct("relay", "Events cannot be sent: the broker or the document store is away. It is tried again.")
                await self._drop_producer()
                next_poll = 0.0  # what was taken from the woken set is found again by polling
                if last_round:
                    return
                await asyncio.sleep(min(0.1 * 2**failures, 5.0))
                continue
            if last_round:
                return
            try:
                async with asyncio.timeout(max(0.0, next_poll - clock())):
                    await self._bell.wait()
            except TimeoutError:
                continue

    async def _find_leftovers(self) -> None:
        waiting = 0
        for collection in self._collections:
            async for document in collection.find({"outbox.id": {"$gt": ""}}, {"_id": 1}, limit=10 * _BATCH):
                self._woken[collection.name][document["_id"]] = None
                waiting += 1
        OUTBOX_WAITING.set(waiting)

    async def _empty_woken(self) -> None:
        self._bell.clear()
        for collection in self._collections:
            ids = list(self._woken.pop(collection.name, ()))
            for first in range(0, len(ids), _BATCH):
                await self._send_outboxes_of(collection, ids[first : first + _BATCH])

    async def _send_outboxes_of(self, collection: Collection, ids: list[Any]) -> None:
        query: Mapping[str, Any] = {"_id": {"$in": ids}} if len(ids) > 1 else {"_id": ids[0]}
        found = [document async for document in collection.find(query, {"outbox": 1}) if document.get("outbox")]
        found.sort(key=lambda document: document["outbox"][0]["at"])  # one person's aggregates in the order they were saved
        outboxes = {document["_id"]: [message_of(entry) for entry in document["outbox"]] for document in found}
        if not outboxes:
            return
        reach("relay.before_publish")
        await self._publish([message for messages in outboxes.values() for message in messages])
        reach("relay.after_publish")
        removals = [
            UpdateOne({"_id": document_id}, {"$pull": {"outbox": {"id": {"$in": [message.id for message in messages]}}}})
            for document_id, messages in outboxes.items()
        ]
        await collection.bulk_write(removals, ordered=False)
        reach("relay.after_removal")

    async def _publish(self, messages: list[Message]) -> None:
        """Pipeline the messages and wait until the broker has acknowledged all. Raises KafkaError; then all are sent again."""
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._kafka, acks="all", enable_idempotence=True, max_batch_size=256 * 1024, request_timeout_ms=10_000
            )
            await producer.start()
            self._producer = producer
        sent = [
            await self._producer.send(message.topic, value=message.value, key=message.key, headers=list(message.headers))
            for message in messages
        ]
        for message, acknowledgement in zip(messages, sent, strict=True):
            await acknowledgement
            OUTBOX_PUBLISHED.labels(message.topic).inc()

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                async with asyncio.timeout(3):
                    await producer.stop()
            except (KafkaError, TimeoutError):
                log.warning("the producer did not close in order")
