from __future__ import annotations

from espace_notifications.app.ports import PrintRuns, PrintSpool
from espace_notifications.domain.print_run import RunState


class RemoveAbandonedAssemblies:
    """Remove the folders that a replica filled which was stopped for so long that others handed its run over meanwhile."""

    def __init__(self, spool: PrintSpool, runs: PrintRuns) -> None:
        self._spool, self._runs = spool, runs

    async def __call__(self) -> int:
        """For how many runs."""
        abandoned = [
            run_id
            for run_id in await self._spool.assembling()
            if (run := await self._runs.get(run_id)) is not None and run.state is RunState.HANDED_OVER
        ]
        for run_id in abandoned:
            await self._spool.clear(run_id)
        return len(abandoned)
