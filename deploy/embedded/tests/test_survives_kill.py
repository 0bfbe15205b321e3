"""What a part has acknowledged is there after SIGKILL, in the middle of the work."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import NewTopic
from aiokafka.errors import KafkaError
from pymongo import AsyncMongoClient
from pymongo.errors import ConnectionFailure

from espace_embedded import ports
from espace_embedded.broker import Broker
from espace_embedded.process import Process
from espace_embedded.store import Store

WRITERS = 16


@pytest.fixture
async def own_store(java, tmp_path):
    store = Store(java, tmp_path / "store", ports.free(1)[0], print)
    await store.start()
    await store.wait_ready()
    yield store
    await store.stop()


@pytest.fixture
async def own_broker(java, tmp_path):
    first, second = ports.free(2)
    broker = Broker(java, tmp_path / "kafka", (first, second), print)
    await broker.start()
    await broker.wait_ready()
    yield broker
    await broker.stop()


class Load:
    """Writers that each write the next number until told to stop, and the numbers that were acknowledged."""

    def __init__(self, write: Callable[[int], Awaitable[object]], refused: tuple[type[Exception], ...]) -> None:
        self.acknowledged: set[int] = set()
        self._write, self._refused = write, refused
        self._numbers: Iterator[int] = iter(range(10_000_000))
        self._running = True
        self._goal, self._reached = 0, asyncio.Event()

    async def __call__(self) -> None:
        await asyncio.gather(*[self._writer() for _ in range(WRITERS)])

    async def _writer(self) -> None:
        while self._running:
            number = next(self._numbers)
            try:
                await self._write(number)
            except self._refused:
                await asyncio.sleep(0.02)
            else:
                self.acknowledged.add(number)
                if len(self.acknowledged) >= self._goal:
                    self._reached.set()

    async def until(self, count: int) -> None:
        """Returns when so many more numbers are acknowledged."""
        self._goal, self._reached = len(self.acknowledged) + count, asyncio.Event()
        await asyncio.wait_for(self._reached.wait(), 60)

    def stop(self) -> None:
        self._running = False


async def killed_three_times(part: Process, load: Load) -> None:
    running = asyncio.create_task(load())
    for _ in range(3):
        await load.until(2_000)
        await part.kill()
        await part.wait_ready()
    await load.until(500)
    load.stop()
    await running


async def test_the_killed_store_keeps_every_acknowledged_write_and_no_half_of_another(own_store: Store) -> None:
    async with AsyncMongoClient(own_store.uri, retryWrites=False, serverSelectionTimeoutMS=500) as client:
        written, counted = client.test.written, client.test.counted
        await written.create_index("key", unique=True)
        await counted.insert_many([{"_id": writer, "count": 0} for writer in range(WRITERS)])
        tried: set[int] = set()

        async def write(number: int) -> None:
            tried.add(number)
            await written.insert_one({"_id": number, "key": f"key {number}"})
            await counted.update_one({"_id": number % WRITERS}, {"$inc": {"count": 1}})

        load = Load(write, (ConnectionFailure,))
        await killed_three_times(own_store, load)

        there = {document["_id"] async for document in written.find({}, {"_id": 1})}
        counts = [document["count"] async for document in counted.find()]
        assert load.acknowledged - there == set()
        assert len(load.acknowledged) <= sum(counts)
        lost = tried - there
        await written.insert_many([{"_id": number, "key": f"key {number}"} for number in lost] or [{"_id": -1}])  # no index entry bars them
        assert await written.count_documents({"_id": {"$gte": 0}}) == len(tried)


async def test_every_acknowledged_message_survives_the_kills_of_the_broker(own_broker: Broker) -> None:
    await own_broker.create(NewTopic("messages", num_partitions=3, replication_factor=1))
    producer = AIOKafkaProducer(bootstrap_servers=own_broker.address, acks="all", enable_idempotence=True, request_timeout_ms=5000)
    async with producer:
        load = Load(lambda number: producer.send_and_wait("messages", str(number).encode()), (KafkaError,))
        await killed_three_times(own_broker, load)

    consumer = AIOKafkaConsumer(bootstrap_servers=own_broker.address, auto_offset_reset="earliest")
    async with consumer:
        consumer.assign([TopicPartition("messages", number) for number in range(3)])
        ends = await consumer.end_offsets(consumer.assignment())
        there: list[int] = []
        async with asyncio.timeout(60):
            while len(there) < sum(ends.values()):
                batches = await consumer.getmany(timeout_ms=1000)
                there += [int(record.value) for records in batches.values() for record in records]
    assert load.acknowledged - set(there) == set()
    assert len(there) == len(set(there)), "the idempotent producer wrote a message twice"
