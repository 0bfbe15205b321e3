from __future__ import annotations

from collections.abc import Awaitable, Callable

from prometheus_client import Gauge

RUNS_IN_DOUBT = Gauge("espace_print_runs_in_doubt", "Print runs that wait since the printer has what is not known here")


class WatchRunsInDoubt:
    """Tells operators how many print runs are theirs to settle. Which, and why, each attempt at one says in the log."""

    def __init__(self, how_many: Callable[[], Awaitable[int]]) -> None:
        self._how_many = how_many

    async def __call__(self) -> int:
        """Always 0: how many were repaired."""
        RUNS_IN_DOUBT.set(await self._how_many())
        return 0
