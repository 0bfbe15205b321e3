"""What the stack takes: memory of each process, processor time while nobody uses it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bench.figure import Figure
from espace_embedded.parts import SERVICES
from espace_embedded.stack import Stack

IDLE_SECONDS = 30
_TICK = os.sysconf("SC_CLK_TCK")


def children(pid: int) -> Iterator[int]:
    """All that a process started, and they; of one that ends meanwhile, none: Chromium's come and go."""
    try:
        started = [child for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return
    for child in started:
        yield int(child)
        yield from children(int(child))


def resident_megabytes(pid: int) -> float:
    """What a process holds in memory now; nothing once it has ended, as a worker that is being replaced."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def children_megabytes(pid: int) -> list[float]:
    """What each process under this one holds."""
    return [resident_megabytes(child) for child in children(pid)]


def proportional_megabytes(pid: int, *, itself: bool = True) -> float:
    """What a process and all under it hold, or only those under it; memory that some share counts once."""
    return sum(_proportional(each) for each in ([pid] if itself else []) + list(children(pid)))


def _proportional(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def measure_memory(stack: Stack) -> list[Figure]:
    """Resident memory of each service, and of its largest worker where it has some."""
    figures = []
    for service in SERVICES:
        pid = stack.pid(service.name)
        assert pid is not None
        figures.append(Figure(f"memory of {service.name}", resident_megabytes(pid), "MB", 120))
        workers = [resident_megabytes(child) for child in children(pid) if "resource_tracker" not in command(child)]
        if workers:
            figures.append(Figure(f"memory of the largest of {len(workers)} workers of {service.name}", max(workers), "MB", 120))
    return figures


async def measure_idle(stack: Stack) -> list[Figure]:
    """Processor time of all parts over a while without any use, in percent of one core, and how often they wake for it. To be asked of a
    stack that has worked for minutes: Java compiles what runs seldom by then, and a broker just started takes twice as much."""
    await asyncio.sleep(10)  # what was in hand just now ends
    services = [pid for service in SERVICES if (pid := stack.pid(service.name)) is not None]
    foundations = [pid for part in ("kafka", "store", "mail", "sms") if (pid := stack.pid(part)) is not None]
    before, began = [_spent(services), _spent(foundations)], time.perf_counter()
    await asyncio.sleep(IDLE_SECONDS)
    after, seconds = [_spent(services), _spent(foundations)], time.perf_counter() - began
    shares = [100 * (now.cpu_seconds - then.cpu_seconds) / seconds for then, now in zip(before, after, strict=True)]
    wakings = sum(now.wakings - then.wakings for then, now in zip(before, after, strict=True)) / seconds
    return [
        Figure("the idle stack, all parts", sum(shares), "% of a core", 10),
        Figure("  of it the services", shares[0], "% of a core"),
        Figure("  of it Kafka, the store and the e-mail sink", shares[1], "% of a core"),
        Figure("  it wakes for it", wakings, "times/s"),
    ]


class _Spent(NamedTuple):
    cpu_seconds: float
    wakings: int


def _spent(leaders: Iterable[int]) -> _Spent:
    """By these processes and all under them since they were started."""
    pids = [pid for leader in leaders for pid in (leader, *children(leader))]
    return _Spent(sum(map(_cpu_seconds, pids)), sum(map(_wakings, pids)))


def _wakings(pid: int) -> int:
    """How often its threads went to sleep of their own will, and so woke again."""
    lines = [line for task in Path(f"/proc/{pid}/task").iterdir() for line in (task / "status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches:"))
