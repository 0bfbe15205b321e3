"""Which cores the processes under this one run on."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.footprint import children

CORES = os.sched_getaffinity(0)


@contextmanager
def rendering_apart(renderers: Collection[int]) -> Iterator[None]:
    """While it lasts, these processes have one core for themselves, and this one and all others under it have the rest."""
    core, *rest = sorted(CORES)
    everything = {os.getpid(), *children(os.getpid())}
    _put(everything - {*renderers}, rest)
    _put(renderers, [core])
    try:
        yield
    finally:
        _put(everything, CORES)


def _put(pids: Collection[int], cores: Collection[int]) -> None:
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores)
