from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from espace_kernel.logs import logger
from espace_notifications.app.ports import DueRuns, PrintRuns, WaitingLetters
from espace_notifications.domain.cut_off import CutOffs
from espace_notifications.domain.print_run import PrintRun

log = logger()


class FormRunAtCutOff:
    """Form a run of the letters that waited at the latest cut-off, or as many as they fill one after the other; `most`: letters of one.

    What is told of letters later waits for the next cut-off.
    """

    def __init__(self, waiting: WaitingLetters, runs: PrintRuns, due: DueRuns, cut_offs: CutOffs, most: int) -> None:
        self._waiting, self._runs, self._due, self._cut_offs, self._most = waiting, runs, due, cut_offs, most
        self._seen: tuple[datetime | None, int] = (None, 1)  # a cut-off and the last of its runs, as this replica saw it

    async def __call__(self, now: datetime) -> Sequence[UUID]:
        """Ids of the runs to carry out now: the new one, and those that were left unfinished."""
        cut_off = self._cut_offs.latest(now)
        last, part = None, self._seen[1] if self._seen[0] == cut_off else 1
        while (run := await self._runs.get(PrintRun.id_at(cut_off, part))) is not None:
            last, part = run, part + 1
        self._seen = cut_off, max(part - 1, 1)
        if (last is None or last.left_others_waiting(self._most)) and (letters := await self._waiting(cut_off)):
            run = PrintRun.at(cut_off, part, letters, now)
            if await self._runs.add(run):
                log.info("a print run was formed", print_run=str(run.id), count=len(letters))
        return await self._due(now)
