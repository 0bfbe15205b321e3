"""Ten thousand letters in a row: what the workers hold in the beginning, at most, and in the end."""

from __future__ import annotations

import asyncio
import os
from itertools import count
from pathlib import Path

from bench.figure import Figure
from bench.footprint import children_megabytes
from bench.renderers import espace
from bench.renderers.content import LETTER, numbered_requests

LETTERS = 10_000
LOOK_EVERY = 100


async def measure_endurance(folder: Path) -> list[Figure]:
    """Workers are replaced after a thousand documents, as in the service."""
    held: list[float] = []
    requests = numbered_requests(LETTER)
    async with espace.running(folder) as rendering:
        left = count(1)

        async def keep_making() -> None:
            while (number := next(left)) <= LETTERS:
                await rendering.make(next(requests))
                if number % LOOK_EVERY == 0:
                    held.append(max(children_megabytes(os.getpid())))

        await asyncio.gather(*(keep_making() for _ in range(espace.AT_ONCE)))
    tenth = len(held) // 10
    return [
        Figure(f"memory of the largest worker, in the first thousand of {LETTERS:,} letters", max(held[:tenth]), "MB"),
        Figure(f"memory of the largest worker, in the last thousand of {LETTERS:,} letters", max(held[-tenth:]), "MB", 120),
        Figure(f"memory of the largest worker, at any time of {LETTERS:,} letters", max(held), "MB", 120),
    ]
