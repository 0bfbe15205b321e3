from __future__ import annotations

from uuid import UUID

from espace_kernel.logs import logger
from espace_notifications.app.ports import Clock, PrintRuns, PrintSpool
from espace_notifications.domain.print_run import PrintRun, RunState

log = logger()


class AssembleAgain:
    """An operator learned that the printer has not got a sealed run whose folder is gone: put it together once more."""

    def __init__(self, runs: PrintRuns, spool: PrintSpool, clock: Clock) -> None:
        self._runs, self._spool, self._clock = runs, spool, clock

    async def __call__(self, run_id: UUID) -> PrintRun | None:
        """The run as it is now; None when there is none. A run that lies anywhere stays as it is. Raises PrinterAway, VersionConflict."""
        run = await self._runs.get(run_id)
        if run is not None and run.state is RunState.SEALED and await self._spool.is_lost(run.assembly):
            run.unseal(self._clock())
            await self._runs.save(run)
            log.warning("an operator had a lost print run put together again", print_run=str(run.id))
        return run
