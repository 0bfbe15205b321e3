"""Reads the topics of one group: one person's events in order, different persons' side by side, offsets committed after the effect."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Collection, Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord, TopicPartition

from espace_kernel.attempt import Attempts
from espace_kernel.crashpoints import reach
from espace_kernel.health import Health
from espace_kernel.logs import logger
from espace_kernel.metrics import CONSUMER_LAG
from espace_kernel.progress import Progress
from espace_kernel.settings import ServiceSettings

log = logger()
Lane = tuple[TopicPartition, bytes | None]

RETRY_LADDER = (0.05, 0.2, 0.5, 1.0, 3.0, 10.0, 30.0)
"""Seconds before each further try after RetryLater; then the message becomes a dead letter. Only its person's events wait meanwhile."""
_WINDOW = 1000
"""Messages taken from one partition and not yet done, above which the partition is paused."""
_COMMIT_SECONDS = 0.2
"""What is done within this time is committed together."""
SELDOM_WOKEN = {"fetch_max_wait_ms": 2_000, "consumer_timeout_ms": 2_000}
"""How long the broker keeps a fetch that nothing answers yet, and aiokafka rests: events come at once all the same."""
_DRAIN_SECONDS = 5.0
"""How long a stop or a rebalance waits for what is in flight."""


class Consumer:
    """A group's member. Messages of one key wait for each other in a lane; lanes run side by side, `settings.concurrency` at a time."""

    def __init__(self, settings: ServiceSettings, group: str, topics: Iterable[str], attempts: Attempts[Any], health: Health) -> None:
        self._group, self._topics, self._attempts, self._health = group, tuple(topics), attempts, health
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._settings = settings
        self._progress: dict[TopicPartition, Progress] = {}
        self._lanes: dict[Lane, deque[ConsumerRecord[Any, Any]]] = {}
        self._tasks: dict[Lane, asyncio.Task[None]] = {}
        self._resting: set[Lane] = set()
        self._leaving: set[TopicPartition] = set()
        self._committing = asyncio.Lock()
        self._moved = asyncio.Event()
        self._loops: list[asyncio.Task[None]] = []
        self._ending: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Join the group and begin to handle events; keeps trying while the broker is away, each time as a new client."""
        while True:
            self._client = self._new_client()
            self._client.subscribe(list(self._topics), listener=_Rebalance(self))
            try:
                await self._client.start()
                break
            except KafkaError as error:
                self._health.obstruct("consumer", "The broker is away. It is tried again every second.")
                log.warning("the broker is away", error=type(error).__name__)
                await self._client.stop()
                await asyncio.sleep(1)
        self._loops = [
            asyncio.create_task(self._take(), name="consumer-take"),
            asyncio.create_task(self._commit_what_moved(), name="consumer-commit"),
        ]

    def _new_client(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            bootstrap_servers=self._settings.kafka,
            group_id=self._group,
            group_instance_id=f"{self._group}-{self._settings.instance}" if self._settings.instance else None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            request_timeout_ms=15_000,
            metadata_max_age_ms=10_000,
            **SELDOM_WOKEN,
        )

    async def stop(self) -> None:
        """Finish what is in flight, commit it, leave the group. Safe to call twice."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())
        await self._ending

    async def _end(self) -> None:
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        await self.drain(set(self._progress))
        await self._client.stop()

    async def drain(self, partitions: Collection[TopicPartition]) -> None:
        """Let these partitions' lanes finish the message in hand, drop what they did not begin, and commit."""
        self._leaving |= set(partitions)
        mine = {lane: task for lane, task in self._tasks.items() if lane[0] in self._leaving}
        for lane in self._resting & mine.keys():
            mine[lane].cancel()
        if mine:
            _, late = await asyncio.wait(mine.values(), timeout=_DRAIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._commit()
        for partition in partitions:
            self._progress.pop(partition, None)
        self._lanes = {lane: waiting for lane, waiting in self._lanes.items() if lane[0] not in self._leaving}

    def assigned(self, partitions: Collection[TopicPartition]) -> None:
        """These partitions are ours from now on."""
        self._leaving -= set(partitions)
        self._health.clear("consumer")

    async def _take(self) -> None:
        while True:
            try:
                batches = await self._client.getmany(timeout_ms=5_000, max_records=500)
            except KafkaError as error:
                log.warning("events cannot be fetched", error=type(error).__name__)
                await asyncio.sleep(0.5)
                continue
            for partition, records in batches.items():
                if partition not in self._leaving:
                    for record in records:
                        self._admit(partition, record)
            if batches:
                self._hold_back()
                self._moved.set()

    def _admit(self, partition: TopicPartition, record: ConsumerRecord[Any, Any]) -> None:
        if not self._progress.setdefault(partition, Progress()).begin(record.offset):
            return
        lane = (partition, record.key)
        self._lanes.setdefault(lane, deque()).append(record)
        if lane not in self._tasks:
            self._tasks[lane] = asyncio.create_task(self._work_off(lane))

    def _hold_back(self) -> None:
        paused = self._client.paused()
        for partition, progress in self._progress.items():
            if progress.open > _WINDOW and partition not in paused:
                self._client.pause(partition)
            elif progress.open < _WINDOW // 2 and partition in paused:
                self._client.resume(partition)

    async def _work_off(self, lane: Lane) -> None:
        partition, _ = lane
        waiting = self._lanes[lane]
        try:
            while waiting and partition not in self._leaving:
                if not await self._finish(lane, waiting[0]):
                    return
                record = waiting.popleft()
                self._progress[partition].end(record.offset)
                self._moved.set()
        except Exception as defect:  # noqa: BLE001  # the fourth outcome: whatever is not foreseen stops the service
            self._fail(waiting[0], defect)
        finally:
            del self._tasks[lane]
            if not waiting:
                self._lanes.pop(lane, None)

    async def _finish(self, lane: Lane, record: ConsumerRecord[Any, Any]) -> bool:
        """Try a message until it is done (True) or its partition leaves us (False)."""
        for number in itertools.count(1):
            async with self._slots:
                wait = await self._attempts.attempt(record, number)
            if wait is None:
                return True
            if lane[0] in self._leaving:
                return False
            self._resting.add(lane)
            try:
                await asyncio.sleep(wait)
            finally:
                self._resting.discard(lane)
        raise AssertionError("unreachable: the count has no end")

    def _fail(self, record: ConsumerRecord[Any, Any], defect: Exception) -> None:
        log.error("a defect stopped the service", exc_info=defect, topic=record.topic, partition=record.partition, offset=record.offset)
        self._health.obstruct(
            "consumer", "A defect stopped the handling of events; none is lost. See the log, deploy a fix, restart the service."
        )
        self._leaving |= set(self._progress)
        self._ending = self._ending or asyncio.create_task(self._end())

    async def _commit_what_moved(self) -> None:
        while True:
            await self._moved.wait()
            await asyncio.sleep(_COMMIT_SECONDS)
            self._moved.clear()
            self._hold_back()
            await self._commit()
            CONSUMER_LAG.labels(self._group).set(sum(self._lag(partition) for partition in self._progress))

    def _lag(self, partition: TopicPartition) -> int:
        end, position = self._client.highwater(partition), self._progress[partition].to_commit()
        return max(0, end - position) if end is not None and position is not None else self._progress[partition].open

    async def _commit(self) -> None:
        async with self._committing:
            positions = {partition: progress.to_commit() for partition, progress in self._progress.items()}
            moved = {partition: position for partition, position in positions.items() if position is not None}
            if not moved:
                return
            try:
                await self._client.commit(moved)
            except KafkaError as error:  # the effects are stored; a redelivery finds them there
                log.info("offsets were not committed", error=type(error).__name__)
                self._moved.set()
                return
            for partition, position in moved.items():
                self._progress[partition].committed(position)
            reach("consumer.after_commit")


class _Rebalance(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        await self._consumer.drain(revoked)

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        self._consumer.assigned(assigned)
        log.info("partitions assigned", partitions=len(assigned))
