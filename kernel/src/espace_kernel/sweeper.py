"""Sweepers look for what waits too long in a state, and repair it. In the steady state they repair nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from espace_kernel.logs import logger
from espace_kernel.metrics import SWEEPER_REPAIRS

log = logger()


@dataclass(frozen=True, slots=True)
class Sweeper:
    """One kind of repair: `repair` mends all it finds and returns how many there were. Runs at the start and then regularly."""

    name: str
    repair: Callable[[], Awaitable[int]]
    every_seconds: float = 60.0

    async def run(self) -> None:
        """Sweep until cancelled. A failed round is told and tried again at the next: what it looks for is still there."""
        while True:
            try:
                repaired = await self.repair()
            except Exception as error:  # a sweeper outlives any failure of one round
                log.error("a sweeper failed", sweeper=self.name, exc_info=error)
            else:
                if repaired:
                    SWEEPER_REPAIRS.labels(self.name).inc(repaired)
                    log.warning("a sweeper repaired what was stuck", sweeper=self.name, count=repaired)
            await asyncio.sleep(self.every_seconds)
