from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from types import TracebackType
from typing import Self
from uuid import UUID

from espace_kernel.logs import logger
from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.ports import Clock

log = logger()

_GRACE_SECONDS = 5.0
"""How long a stop waits for what is in hand; what is cut off then is taken up again when its lease ends."""

FindDue = Callable[[datetime], Awaitable[Collection[UUID]]]
"""Ids of what is to be done at this moment."""
Work = Callable[[UUID], Awaitable[None]]


class Worker(AbstractAsyncContextManager["Worker"]):
    """Works while the service lives: at once on what it is woken for, and on what nobody woke it for by polling."""

    def __init__(self, due: FindDue, work: Work, clock: Clock, *, poll_seconds: float, side_by_side: int = 1) -> None:
        self._due, self._work, self._clock, self._poll_seconds = due, work, clock, poll_seconds
        self._slots = asyncio.Semaphore(side_by_side)
        self._woken: dict[UUID, None] = {}  # a dict keeps the order of waking
        self._bell = asyncio.Event()
        self._stopping = False

    def wake(self, item: UUID) -> None:
        """This one is to be done now."""
        self._woken[item] = None
        self._bell.set()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stopping = True
        self._bell.set()
        await asyncio.wait([self._task], timeout=_GRACE_SECONDS)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        seconds = asyncio.get_running_loop().time
        next_poll = 0.0
        while not self._stopping:
            self._bell.clear()
            if seconds() >= next_poll:
                await self._poll()
                next_poll = seconds() + self._poll_seconds
            items, self._woken = self._woken, {}
            await asyncio.gather(*[self._one(item) for item in items])
            try:
                async with asyncio.timeout(max(0.0, next_poll - seconds())):
                    await self._bell.wait()
            except TimeoutError:
                continue

    async def _poll(self) -> None:
        try:
            self._woken |= dict.fromkeys(await self._due(self._clock()))
        except Exception as error:  # the next poll finds the same, and more
            log.error("what is due could not be found", exc_info=error)

    async def _one(self, item: UUID) -> None:
        async with self._slots:
            if self._stopping:
                return
            try:
                await self._work(item)
            except VersionConflict:
                log.info("another replica is at it")
            except Exception as error:  # its lease ends, then it is due again
                log.error("work could not be done", exc_info=error)
