"""How fast the relay empties outboxes, beside the obvious way without one: save, then an awaited send an event."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from bench.figure import Figure
from espace_contracts.event import Event, Topic
from espace_contracts.vocabulary import InsuredId
from espace_embedded.settings import Settings
from espace_kernel.aggregate import Aggregate
from espace_kernel.envelope import message_for
from espace_kernel.health import Health
from espace_kernel.relay import Relay
from espace_kernel.store import AggregateStore, connect

EVENTS = 5_000
ALTERNATIVE_EVENTS = 1_000


TOPIC = Topic("bench.relay.v1", owner="bench", readers=(), about="Read by nobody, so that nothing else works while the relay is measured.")


class NumberTold(Event, type="bench.number.told.v1", topic=TOPIC, subject="insured"):
    """About as large as the events of the eSpace."""

    number: int
    text: str = "x" * 200


@dataclass(kw_only=True)
class Told(Aggregate):
    """An aggregate that has something to tell."""

    number: int


def contract_of(told: Told) -> Event:
    return NumberTold(insured=InsuredId(told.id), number=told.number)


def _told(number: int) -> Told:
    told = Told(id=uuid4(), number=number)
    told.record(told)
    return told


async def measure_relay(settings: Settings) -> list[Figure]:
    kafka = f"127.0.0.1:{settings.port_kafka}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC.name, TOPIC.partitions, 1)])
    await admin.close()
    async with connect(f"mongodb://127.0.0.1:{settings.port_store}") as client:
        collection = client["bench_relay"]["told"]
        store = AggregateStore(collection, Told, contract_of=contract_of, wake=_nobody)
        for first in range(0, EVENTS, 100):
            await asyncio.gather(*[store.add(_told(number)) for number in range(first, first + 100)])
        relay = Relay(kafka, Health(), poll_seconds=0.05)
        relay.watch(collection)
        began = time.perf_counter()
        relay.start()
        while await collection.find_one({"outbox.id": {"$gt": ""}}, {"_id": 1}) is not None:
            await asyncio.sleep(0.05)
        relay_rate = EVENTS / (time.perf_counter() - began)
        await relay.stop()
        await client.drop_database("bench_relay")
    return [
        Figure("relay, from outbox to acknowledged and removed", relay_rate, "events/s", 1_000, at_least=True),
        Figure("  beside: no outbox, one awaited send an event", await _awaited_sends(kafka), "events/s"),
    ]


def _nobody(_collection: object, _id: UUID) -> None:
    """Nobody is woken: the relay of this measurement finds everything by polling, its slower way."""


async def _awaited_sends(kafka: str) -> float:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    await producer.start()
    began = time.perf_counter()
    for number in range(ALTERNATIVE_EVENTS):
        message = message_for(contract_of(_told(number)))
        await producer.send_and_wait(message.topic, message.value, message.key, headers=list(message.headers))
    rate = ALTERNATIVE_EVENTS / (time.perf_counter() - began)
    await producer.stop()
    return rate
