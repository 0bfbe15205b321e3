"""The eSpace's own rendering as the service uses it: two processes typeset, one seals. PDF/A-3a and PDF/UA-1, data inside, a seal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from espace_documents.rendering import RenderedDocument, RenderingPool, RenderingRequest, SealingPool
from espace_embedded import secret_files

WORKERS = 2
AT_ONCE = 4 * WORKERS
"""As many documents of a run as the service has in hand."""


class Rendering:
    """Both pools, within `running`."""

    def __init__(self, pool: RenderingPool, sealing: SealingPool) -> None:
        self._pool, self._sealing = pool, sealing

    async def make(self, request: RenderingRequest) -> RenderedDocument:
        """A document, sealed."""
        return await self._sealing.seal(await self._pool.render(request))

    async def rate(self, requests: Iterator[RenderingRequest], seconds: float) -> tuple[float, RenderedDocument]:
        """Documents a second once each worker has made a few, and the last."""
        await asyncio.gather(*(self.make(next(requests)) for _ in range(2 * AT_ONCE)))
        made, began = 0, time.perf_counter()

        async def keep_making() -> RenderedDocument:
            nonlocal made
            while True:
                document = await self.make(next(requests))
                made += 1
                if time.perf_counter() - began >= seconds:
                    return document

        (last, *_) = await asyncio.gather(*(keep_making() for _ in range(AT_ONCE)))
        return made / (time.perf_counter() - began), last


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Rendering]:
    secret_files.make_missing(folder / "secrets", ["documents"])
    pool, sealing = RenderingPool(WORKERS), SealingPool(1, folder / "secrets", None)
    await pool.start()
    try:
        await sealing.start()
        yield Rendering(pool, sealing)
    finally:
        await pool.close()
        await sealing.close()
