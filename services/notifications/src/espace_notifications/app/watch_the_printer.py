from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prometheus_client import Gauge

from espace_kernel.logs import logger
from espace_notifications.app.ports import Clock
from espace_notifications.domain.cut_off import working_days_before

log = logger()

UNACKNOWLEDGED_LETTERS = Gauge("espace_unacknowledged_letters", "Letters handed over two working days ago and not acknowledged")
_WORKING_DAYS = 2


@dataclass(frozen=True)
class SilentRun:
    """A print run of which the printer has said nothing, or not all."""

    print_run: UUID
    letters: int
    """How many of its letters were neither acknowledged nor returned."""
    posted_at: datetime
    """The first of them."""


SilentRuns = Callable[[datetime], Awaitable[Sequence[SilentRun]]]
"""Those with letters posted before this moment that the printer told nothing of."""


class WatchThePrinter:
    """Tells operators of letters that the printer should have acknowledged. Nothing is sent again: the printer has them, or says so."""

    def __init__(self, silent: SilentRuns, clock: Clock) -> None:
        self._silent, self._clock = silent, clock

    async def runs(self) -> Sequence[SilentRun]:
        """The runs to ask the printer about now."""
        return await self._silent(working_days_before(self._clock(), _WORKING_DAYS))

    async def __call__(self) -> int:
        """Always 0: how many were repaired."""
        runs = await self.runs()
        UNACKNOWLEDGED_LETTERS.set(sum(run.letters for run in runs))
        for run in runs:
            log.error("the printer did not acknowledge a run's letters", print_run=str(run.print_run), count=run.letters)
        return 0
