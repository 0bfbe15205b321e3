"""Who goes first when more documents wait than there are workers."""

from __future__ import annotations

import asyncio
import os
import signal

from espace_documents.rendering.jobs import OVERTAKERS, Job, Jobs


def job(name: str, *, of_a_run: bool = False) -> Job:
    return Job(name.encode(), asyncio.get_running_loop().create_future(), of_a_run)


def waiting(*names: str) -> Jobs:
    """These jobs; one whose name begins with "run" is of a run."""
    jobs = Jobs()
    for name in names:
        jobs.put(job(name, of_a_run=name.startswith("run")))
    return jobs


async def order(jobs: Jobs) -> list[str]:
    return [(await jobs.get()).request.decode() for _ in range(len(jobs))]


async def test_single_documents_go_before_those_of_a_run_that_came_earlier():
    assert await order(waiting("run 1", "run 2", "single 1", "run 3", "single 2")) == ["single 1", "single 2", "run 1", "run 2", "run 3"]


async def test_a_run_fills_what_single_documents_leave():
    jobs = waiting("run 1", "run 2", "single 1")
    assert [(await jobs.get()).request for _ in range(2)] == [b"single 1", b"run 1"]
    jobs.put(job("single 2"))
    assert await order(jobs) == ["single 2", "run 2"]


async def test_a_run_never_stands_still_however_many_single_documents_come():
    jobs = waiting("run 1", "run 2")
    taken = []
    for number in range(3 * (OVERTAKERS + 1)):
        jobs.put(job(f"single {number}"))
        taken.append((await jobs.get()).request.decode())
    assert [number for number, name in enumerate(taken) if name.startswith("run")] == [OVERTAKERS, 2 * OVERTAKERS + 1]


async def test_who_waited_while_nothing_of_a_run_did_has_overtaken_nobody():
    assert len(await order(waiting(*(f"single {number}" for number in range(2 * OVERTAKERS))))) == 2 * OVERTAKERS
    assert await order(waiting("run 1", "single 1")) == ["single 1", "run 1"]


async def test_who_asks_first_gets_the_first_to_come():
    jobs = Jobs()
    asking = [asyncio.create_task(jobs.get()) for _ in range(2)]
    await asyncio.sleep(0)
    jobs.put(job("run 1", of_a_run=True))
    jobs.put(job("single 1"))
    assert {(await each).request for each in asking} == {b"run 1", b"single 1"}


async def test_a_worker_takes_single_documents_first(started, sample, until):
    async with started(workers=1) as pool:
        (worker,) = pool.hired
        os.kill(worker, signal.SIGSTOP)
        made: list[str] = []

        async def make(name: str, *, of_a_run: bool) -> None:
            await pool.render(sample(reference=name), of_a_run=of_a_run)
            made.append(name)

        first = asyncio.create_task(make("RUN-0", of_a_run=True))
        await until(lambda: pool.waiting == 0 and len(pool._open) == 1)
        lanes = {"RUN-1": True, "RUN-2": True, "ONE-1": False, "RUN-3": True, "ONE-2": False}
        others = [asyncio.create_task(make(name, of_a_run=of_a_run)) for name, of_a_run in lanes.items()]
        await until(lambda: pool.waiting == len(lanes))
        os.kill(worker, signal.SIGCONT)
        await asyncio.gather(first, *others)
    assert made == ["RUN-0", "ONE-1", "ONE-2", "RUN-1", "RUN-2", "RUN-3"]
