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
"""Those with letters posted before this moment that the printer told nothing of, the oldest first, at most some dozen."""
LettersUnacknowledged = Callable[[datetime], Awaitable[int]]
"""How many letters posted before this moment the printer told nothing of, of all runs."""


class WatchThePrinter:
    """Tells operators of letters that the printer should have acknowledged. Nothing is sent again: the printer has them, or says so."""

    def __init__(self, silent: SilentRuns, unacknowledged: LettersUnacknowledged, clock: Clock) -> None:
        self._silent, self._unacknowledged, self._clock = silent, unacknowledged, clock

    async def runs(self) -> Sequence[SilentRun]:
        """The runs to ask the printer about now."""
        return await self._silent(self._since())

    async def __call__(self) -> int:
        """Always 0: how many were repaired."""
        letters = await self._unacknowledged(self._since())
        UNACKNOWLEDGED_LETTERS.set(letters)
        if letters and (runs := await self.runs()):
            log.error("the printer did not acknowledge letters; their oldest run is named", print_run=str(runs[0].print_run), count=letters)
        return 0

    def _since(self) -> datetime:
        return working_days_before(self._clock(), _WORKING_DAYS)
