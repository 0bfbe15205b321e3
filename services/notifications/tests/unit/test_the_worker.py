from __future__ import annotations

import asyncio
from collections import Counter
from uuid import UUID, uuid4

from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.worker import Worker

from .world import Clock

NEVER = 3600.0


class Bench:
    """Counts what is done; `due` is what a poll finds, `trouble` what an item raises the first time."""

    def __init__(self) -> None:
        self.due: list[UUID] = []
        self.trouble: dict[UUID, Exception] = {}
        self.tries: Counter[UUID] = Counter()
        self.changed = asyncio.Condition()

    async def find(self, now: object) -> list[UUID]:
        found, self.due = self.due, []
        return found

    async def work(self, item: UUID) -> None:
        async with self.changed:
            self.tries[item] += 1
            self.changed.notify_all()
        if trouble := self.trouble.pop(item, None):
            raise trouble

    async def until(self, item: UUID, tries: int = 1) -> None:
        async with asyncio.timeout(10), self.changed:
            await self.changed.wait_for(lambda: self.tries[item] >= tries)

    def worker(self, poll_seconds: float = NEVER) -> Worker:
        return Worker(self.find, self.work, Clock(), poll_seconds=poll_seconds)


async def test_what_was_left_behind_is_done_at_the_start():
    bench, item = Bench(), uuid4()
    bench.due = [item]
    async with bench.worker():
        await bench.until(item)
    assert bench.tries == {item: 1}


async def test_what_it_is_woken_for_is_done_at_once():
    bench, item = Bench(), uuid4()
    async with bench.worker() as worker:
        worker.wake(item)
        await bench.until(item)
    assert bench.tries == {item: 1}


async def test_what_nobody_woke_it_for_is_found_by_polling():
    bench, item = Bench(), uuid4()
    async with bench.worker(poll_seconds=0.01):
        bench.due = [item]
        await bench.until(item)
    assert bench.tries == {item: 1}


async def test_trouble_with_one_item_stops_no_other():
    bench, items = Bench(), [uuid4() for _ in range(3)]
    bench.trouble = {items[0]: ValueError("a defect"), items[1]: VersionConflict("faster")}
    async with bench.worker() as worker:
        for item in items:
            worker.wake(item)
        await bench.until(items[2])
        worker.wake(items[0])
        await bench.until(items[0], tries=2)
    assert bench.tries == {items[0]: 2, items[1]: 1, items[2]: 1}


async def test_a_poll_that_fails_is_repeated():
    bench, item = Bench(), uuid4()
    failures = 2
    find = bench.find

    async def failing(now: object) -> list[UUID]:
        nonlocal failures
        if failures:
            failures -= 1
            raise ConnectionError
        return await find(now)

    bench.due = [item]
    async with Worker(failing, bench.work, Clock(), poll_seconds=0.01):
        await bench.until(item)
    assert failures == 0


async def test_a_stop_finishes_what_is_in_hand_and_begins_nothing_more():
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), []

    async def work(item: UUID) -> None:
        begun.set()
        await may_end.wait()
        ended.append(item)

    async def nothing(now: object) -> list[UUID]:
        return []

    first, second = uuid4(), uuid4()
    worker = Worker(nothing, work, Clock(), poll_seconds=NEVER)
    async with worker:
        worker.wake(first)
        worker.wake(second)
        async with asyncio.timeout(10):
            await begun.wait()
        asyncio.get_running_loop().call_soon(may_end.set)
    assert ended == [first]
