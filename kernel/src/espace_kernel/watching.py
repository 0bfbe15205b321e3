"""Watches topics live: every replica sees everything that comes from now on. Nothing is committed, kept, or tried twice."""

from __future__ import annotations

import asyncio
from typing import Any, Generic, TypeVar

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaTimeoutError
from aiokafka.structs import ConsumerRecord, TopicPartition
from opentelemetry.trace import SpanKind

from espace_kernel.consumer import SELDOM_WOKEN
from espace_kernel.envelope import attributes_of, event_type_of, receive
from espace_kernel.health import Health
from espace_kernel.logs import logger
from espace_kernel.metrics import EVENTS_HANDLED
from espace_kernel.outcomes import NeverWorks
from espace_kernel.settings import ServiceSettings
from espace_kernel.subscriptions import Subscriptions
from espace_kernel.tracing import Cause, handling

log = logger()
U = TypeVar("U")

_AGAIN_SECONDS = 1.0


class Watch(Generic[U]):
    """A reader without a group, from the end of every partition on.

    While the broker is away nothing is heard, and what it said meanwhile is heard when it is back. What was said while this process did not
    run is never heard: nothing may depend on it. A handler is quick and waits for nobody; what it cannot handle is logged and passed over.
    """

    def __init__(self, settings: ServiceSettings, subscriptions: Subscriptions[U], use_cases: U, health: Health) -> None:
        self._settings, self._subscriptions, self._use_cases, self._health = settings, subscriptions, use_cases, health
        topics = {contract.topic for contract, _ in subscriptions.handlers.values()}
        self._partitions = [TopicPartition(topic.name, number) for topic in topics for number in range(topic.partitions)]
        self._watching: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, and turn ready once the end of every partition is known."""
        self._health.obstruct("watch", "The service is finding the ends of the topics it watches.")
        self._watching = asyncio.create_task(self._watch(), name="watch")

    async def stop(self) -> None:
        """Hear nothing more."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            client = AIOKafkaConsumer(
                bootstrap_servers=self._settings.kafka, group_id=None, enable_auto_commit=False, auto_offset_reset="latest",
                request_timeout_ms=15_000, metadata_max_age_ms=10_000, **SELDOM_WOKEN,
            )  # fmt: skip
            try:
                await self._begin_at_the_ends(client)
                self._health.clear("watch")
                await self._hear(client)
            except Exception as error:  # noqa: BLE001  # whatever it is: who hears nothing must not look ready
                self._health.obstruct("watch", "The broker is away. It is tried again every second.")
                log.warning("topics cannot be watched", error=type(error).__name__)
            finally:
                await client.stop()
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _begin_at_the_ends(self, client: AIOKafkaConsumer) -> None:
        client.assign(self._partitions)
        await client.start()
        if not await client.seek_to_end():
            raise KafkaTimeoutError

    async def _hear(self, client: AIOKafkaConsumer) -> None:
        """Never returns: the client itself waits for a broker that went away, and goes on where it was."""
        while True:
            for records in (await client.getmany(timeout_ms=5_000)).values():
                for record in records:
                    await self._show(record)

    async def _show(self, record: ConsumerRecord[Any, Any]) -> None:
        try:
            await self._handle(record)
        except NeverWorks as error:
            log.warning("a watched message cannot be read", topic=record.topic, partition=record.partition, offset=record.offset,
                        reason=str(error))  # fmt: skip
        except Exception as defect:  # nothing depends on what is watched, so a defect costs this message alone
            log.error("a watched event was not handled", exc_info=defect, topic=record.topic, partition=record.partition,
                      offset=record.offset)  # fmt: skip

    async def _handle(self, record: ConsumerRecord[Any, Any]) -> None:
        attributes = attributes_of(record.headers or ())
        contract = event_type_of(attributes)
        if contract.type not in self._subscriptions.handlers:
            return
        _, handler = self._subscriptions.handlers[contract.type]
        event = receive(contract, attributes, record.value)
        with handling(f"watch {record.topic}", SpanKind.CONSUMER, attributes, Cause(event.correlation_id, event.id)):
            await handler(event, self._use_cases)
        EVENTS_HANDLED.labels(self._subscriptions.group, contract.type, "watched").inc()
