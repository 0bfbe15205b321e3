from __future__ import annotations

import asyncio
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError

from espace_kernel import consumer

from .conftest import NOTES, alive


async def until_all_is_committed(address: str, group: str) -> None:
    """Returns when the group's offsets lie behind the last note of each partition."""
    partitions = [TopicPartition(NOTES.name, number) for number in range(NOTES.partitions)]
    async with AIOKafkaConsumer(bootstrap_servers=address, group_id=group, enable_auto_commit=False) as reader:
        ends = {partition: end for partition, end in (await reader.end_offsets(partitions)).items() if end}
        async with asyncio.timeout(30):
            while {partition: await reader.committed(partition) for partition in ends} != ends:
                await asyncio.sleep(0.05)


async def test_a_commit_that_failed_is_made_up_for_though_no_other_event_comes(notebook, broker, monkeypatch):
    handled, refused, commit = asyncio.Event(), asyncio.Event(), AIOKafkaConsumer.commit

    async def refused_until_all_is_handled_and_once_more(client, offsets):
        if not refused.is_set():
            if handled.is_set():
                refused.set()
            raise CommitFailedError
        await commit(client, offsets)

    monkeypatch.setattr(AIOKafkaConsumer, "commit", refused_until_all_is_handled_and_once_more)
    async with alive(notebook()) as service:
        note = await service.written("the last one")
        await service.handled.until(lambda events: [e for e in events if e.data.note == note.id])
        handled.set()
        await until_all_is_committed(broker.address, service.kernel.name)


async def test_what_was_held_back_goes_on_when_there_is_room(notebook, monkeypatch):
    monkeypatch.setattr(consumer, "_WINDOW", 10)
    paused, pause = asyncio.Event(), AIOKafkaConsumer.pause

    def seen(client, *partitions):
        paused.set()
        pause(client, *partitions)

    async def when_held_back(_):
        await paused.wait()

    monkeypatch.setattr(AIOKafkaConsumer, "pause", seen)
    async with alive(notebook()) as service:
        service.handled.act = when_held_back
        person = uuid4()
        notes = [await service.written(str(number), person) for number in range(40)]
        async with asyncio.timeout(30):
            await paused.wait()
        notes += [await service.written(str(number), person) for number in range(40, 80)]
        wanted = [note.id for note in notes]
        await service.handled.until(lambda events: [e.data.note for e in events if e.data.note in wanted] == wanted)
