from __future__ import annotations

from uuid import UUID

from espace_kernel.logs import logger
from espace_notifications.app.assemble_print_run import AssemblePrintRun
from espace_notifications.app.hand_over_print_run import HandOverPrintRun
from espace_notifications.app.ports import Clock, FolderInDoubt, PrinterAway, PrintRuns, SourceAway
from espace_notifications.domain.print_run import RunState

log = logger()


class CarryOutPrintRun:
    """Take a run up where it stands and bring it to the printer. Any replica may, at any time, however the last one ended."""

    def __init__(self, runs: PrintRuns, assemble: AssemblePrintRun, hand_over: HandOverPrintRun, clock: Clock) -> None:
        self._runs, self._assemble, self._hand_over, self._clock = runs, assemble, hand_over, clock

    async def __call__(self, run_id: UUID) -> None:
        """Raises VersionConflict when another replica works on it."""
        run = await self._runs.get(run_id)
        if run is None or not run.due(self._clock()):
            return
        run.begin(self._clock())
        await self._runs.save(run)
        try:
            if run.state is RunState.ASSEMBLING:
                await self._assemble(run)
            if run.state is RunState.SEALED:
                await self._hand_over(run)
        except (SourceAway, PrinterAway) as away:
            if isinstance(away, FolderInDoubt):
                run.doubt(self._clock())
            run.put_off(str(away), self._clock())
            await self._runs.save(run)
            say = log.error if run.in_doubt_since else log.warning
            say("a print run waits", print_run=str(run.id), reason=run.problem, attempt=run.attempts)
