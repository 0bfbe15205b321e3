from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from espace_documents.rendering import RenderingInterrupted, RenderingPool
from espace_documents.rendering.worker_process import WorkerProcess

ENDLESS = {"endless": "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"}

ORPHANS = """
import asyncio, signal, sys
from espace_documents.rendering import RenderingPool

async def main():
    pool = RenderingPool(workers=2)
    await pool.start()
    print(*(worker.pid for worker in pool._staff), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


def running(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # it ended before its file was opened, or between that and the reading
        return False


def high_water_kib(pid: int) -> int:
    """The most memory the process ever held, in KiB."""
    (line,) = (line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1])


def taken(pool) -> bool:
    """Whether every document that was asked for is with a worker."""
    return pool.waiting == 0 and len(pool._open) > 0


async def test_the_same_request_gives_the_same_bytes_from_any_worker_at_any_time(pool, sample, each_type):
    request = sample(each_type, "lb")
    first = await pool.render(request)
    again = await asyncio.gather(pool.render(request), pool.render(request))
    assert {document.pdf for document in again} == {first.pdf}


async def test_a_new_pool_gives_the_same_bytes_too(pool, started, sample):
    requests = [sample("ehic_replacement_certificate", "lb"), sample("closing_letter", "fr")]
    async with started(workers=1) as other:
        for request in requests:
            assert await other.render(request) == await pool.render(request)


async def test_the_hash_is_of_the_file(pool, sample):
    document = await pool.render(sample())
    checked = subprocess.run(["sha256sum"], input=document.pdf, capture_output=True, check=True).stdout  # noqa: ASYNC221  # a few ms
    assert checked.decode().split()[0] == document.sha256


async def test_more_documents_than_workers_wait_their_turn(pool, sample):
    documents = await asyncio.gather(*(pool.render(sample(reference=f"REF-{number}")) for number in range(7)))
    assert len({document.sha256 for document in documents}) == 7


async def test_a_worker_killed_while_idle_is_replaced(started, sample, until):
    async with started(workers=1) as pool:
        (killed,) = pool.hired
        os.kill(killed, signal.SIGKILL)
        await until(lambda: not running(killed))
        assert (await pool.render(sample())).pages == 1
        assert len(pool.hired) == 2


async def test_a_document_whose_worker_is_killed_is_typeset_by_another(started, sample, until):
    async with started(workers=1) as pool:
        (killed,) = pool.hired
        os.kill(killed, signal.SIGSTOP)
        letter = asyncio.create_task(pool.render(sample()))
        await until(lambda: taken(pool))
        os.kill(killed, signal.SIGKILL)
        assert (await letter).pages == 1
        assert len(pool.hired) == 2


async def test_a_document_that_loses_two_workers_is_interrupted_and_not_refused(started, hostile, hostile_request, sample, until):
    async with started(hostile(ENDLESS), workers=1, time_limit_s=60) as pool:
        letter = asyncio.create_task(pool.render(hostile_request("endless")))
        for worker in (1, 2):
            await until(lambda worker=worker: len(pool.hired) == worker and taken(pool))
            os.kill(pool.hired[-1], signal.SIGKILL)
        with pytest.raises(RenderingInterrupted, match="Two workers were killed"):
            await letter
        assert (await pool.render(sample())).pages == 1


async def test_a_worker_that_crashes_refuses_its_document_alone(started, sample, until):
    async with started(workers=2) as pool:
        crashing = pool.hired[0]
        os.kill(crashing, signal.SIGSTOP)
        letters = [asyncio.create_task(pool.render(sample())) for _ in range(2)]
        await until(lambda: taken(pool) and any(letter.done() for letter in letters))
        os.kill(crashing, signal.SIGABRT)
        os.kill(crashing, signal.SIGCONT)
        outcomes = await asyncio.gather(*letters, return_exceptions=True)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["RenderedDocument", "RenderingRefused"]
        assert (await pool.render(sample())).pages == 1


async def test_a_worker_that_hangs_is_replaced_and_its_document_not_to_blame(started, sample):
    async with started(workers=1, patience_s=5) as pool:
        (hanging,) = pool.hired
        os.kill(hanging, signal.SIGSTOP)
        with pytest.raises(RenderingInterrupted, match="did not answer for 5 s"):
            await pool.render(sample())
        assert not running(hanging)
        assert (await pool.render(sample())).pages == 1


async def test_a_document_that_waits_for_a_busy_machine_longer_than_it_may_work_is_typeset_all_the_same(started, sample, until):
    async with started(workers=1, time_limit_s=1) as pool:
        (worker,) = pool.hired
        os.kill(worker, signal.SIGSTOP)
        letter = asyncio.create_task(pool.render(sample()))
        await until(lambda: taken(pool))
        await asyncio.sleep(2.5)  # what the machine does meanwhile is no work of the worker's
        os.kill(worker, signal.SIGCONT)
        assert (await letter).pages == 1
        assert pool.hired == [worker]


async def test_a_worker_is_replaced_after_so_many_documents(started, sample, until):
    async with started(workers=1, recycle_after=2) as pool:
        for _ in range(5):
            await pool.render(sample())
        await until(lambda: len(pool.hired) == 3)
        assert not running(pool.hired[0])


async def test_workers_do_not_heed_what_tells_the_service_to_stop(started, sample):
    async with started(workers=1) as pool:
        for told in (signal.SIGINT, signal.SIGTERM):
            os.kill(pool.hired[0], told)
        assert (await pool.render(sample())).pages == 1
        assert len(pool.hired) == 1


async def test_workers_die_with_the_service_even_when_it_is_killed(until):
    service = await asyncio.create_subprocess_exec(sys.executable, "-c", ORPHANS, stdout=asyncio.subprocess.PIPE)
    workers = [int(pid) for pid in (await service.stdout.readline()).split()]
    assert len(workers) == 2
    assert all(running(worker) for worker in workers)
    os.kill(workers[0], signal.SIGSTOP)
    service.kill()
    await service.wait()
    await until(lambda: not any(running(worker) for worker in workers))


async def test_closing_the_pool_tells_who_waits_and_leaves_no_process(started, hostile, hostile_request, until):
    async with started(hostile(ENDLESS), workers=1, time_limit_s=60) as pool:
        waiting = [asyncio.create_task(pool.render(hostile_request("endless"))) for _ in range(3)]
        await until(lambda: pool.waiting == 2)
        await pool.close()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [RenderingInterrupted] * 3
        assert not any(running(pid) for pid in pool.hired)


REPEATS = """
import itertools, sys
from espace_documents.rendering.wire import Answer, Outcome, framed, payloads
out = sys.stdout.buffer
for payload in itertools.chain([b"ready"], payloads(sys.stdin.buffer)):
    outcome = Outcome.READY if payload == b"ready" else Outcome.REFUSED
    out.write(framed(Answer(outcome, payload.decode()).encoded()))
    out.flush()
"""


async def test_a_worker_whose_answer_was_not_waited_for_is_asked_nothing_more_since_it_would_answer_with_it():
    worker = await WorkerProcess.hire((sys.executable, "-c", REPEATS), 400)
    answer, _ = await worker.ask(b"one person's")
    assert (answer.detail, worker.alive) == ("one person's", True)
    left = asyncio.create_task(worker.ask(b"another person's"))
    await asyncio.sleep(0)
    left.cancel()
    await asyncio.gather(left, return_exceptions=True)
    assert not worker.alive
    await worker.dismiss()
    assert not running(worker.pid)


async def test_a_closed_pool_says_so(started, sample):
    async with started(workers=1) as pool:
        await pool.close()
        with pytest.raises(RenderingInterrupted, match="not running"):
            await pool.render(sample())


async def test_a_pool_whose_workers_cannot_start_says_why():
    with pytest.raises(RenderingInterrupted, match="cannot start"):
        await RenderingPool(workers=2, memory_limit_mb=60).start()


async def test_who_no_longer_waits_disturbs_nobody(started, sample, until):
    async with started(workers=1) as pool:
        gone = asyncio.create_task(pool.render(sample()))
        await until(lambda: taken(pool))
        gone.cancel()
        assert (await pool.render(sample(locale="fr"))).pages == 1
        assert len(pool.hired) == 1


def test_the_service_never_loads_what_the_workers_need():
    loaded = "import sys, espace_documents.rendering; print([name for name in ('weasyprint', 'jinja2', 'babel') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, check=True, text=True).stdout.strip() == "[]"


async def test_a_worker_stays_small(pool, sample):
    for document_type in ("bank_account_change", "closing_letter", "ehic_replacement_certificate", "address_sheet") * 10:
        await pool.render(sample(document_type))
    for worker in pool.hired:
        assert high_water_kib(worker) < 150 * 1024
