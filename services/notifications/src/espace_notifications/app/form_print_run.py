from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from espace_kernel.logs import logger
from espace_notifications.app.ports import DueRuns, PrintRuns, WaitingLetters
from espace_notifications.domain.print_run import PrintRun

log = logger()


class FormPrintRun:
    """Form a run of the letters in the queue when the first of them has waited long enough for others."""

    def __init__(self, waiting: WaitingLetters, runs: PrintRuns, due: DueRuns, cut_off: timedelta) -> None:
        self._waiting, self._runs, self._due, self._cut_off = waiting, runs, due, cut_off

    async def __call__(self, now: datetime) -> Sequence[UUID]:
        """Ids of the runs to carry out now: the new one, and those that were left unfinished."""
        letters = await self._waiting(now)
        if letters and letters[0].waits_from + self._cut_off <= now:
            run = PrintRun.of(letters, now)
            if await self._runs.add(run):
                log.info("a print run was formed", print_run=str(run.id), count=len(letters))
        return await self._due(now)
