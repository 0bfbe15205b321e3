"""The documents that wait for a worker: single ones first, and those of a run in the places that they leave."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

from espace_documents.rendering.request import RenderedDocument

OVERTAKERS = 8
"""How many single documents in a row may go before one of a run that waits: a ninth of the workers' time is the run's at the least."""


@dataclass(slots=True)
class Job:
    """A document that somebody waits for. ``of_a_run``: one of many, which single ones overtake."""

    request: bytes
    document: asyncio.Future[RenderedDocument]
    of_a_run: bool = False
    interrupted: bool = False

    def settle(self, result: RenderedDocument | Exception) -> None:
        """Tells who waits, unless they left."""
        if self.document.done():
            return
        if isinstance(result, Exception):
            self.document.set_exception(result)
        else:
            self.document.set_result(result)


class Jobs:
    """In order of their coming within the single ones and within those of runs."""

    def __init__(self) -> None:
        self._single: deque[Job] = deque()
        self._of_runs: deque[Job] = deque()
        self._waiting = asyncio.Semaphore(0)
        self._overtakers = 0

    def __len__(self) -> int:
        return len(self._single) + len(self._of_runs)

    def put(self, job: Job) -> None:
        """Has it wait its turn."""
        (self._of_runs if job.of_a_run else self._single).append(job)
        self._waiting.release()

    async def get(self) -> Job:
        """The next one, once there is one."""
        await self._waiting.acquire()
        if self._of_runs and (not self._single or self._overtakers == OVERTAKERS):
            self._overtakers = 0
            return self._of_runs.popleft()
        self._overtakers = self._overtakers + 1 if self._of_runs else 0
        return self._single.popleft()
