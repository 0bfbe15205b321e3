"""The service's side of sealing: processes that hold the seal's key, so that the service does not."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from espace_documents.rendering.device import Device
from espace_documents.rendering.request import RenderedDocument, RenderingInterrupted
from espace_documents.rendering.wire import Outcome
from espace_documents.rendering.worker_process import PASSED_ON, WorkerGone, WorkerProcess, WorkerUnfit

TIME_LIMIT_S = 15
"""An authority is given up after 5 s; without one a seal takes some milliseconds."""
MEMORY_LIMIT_MB = 400


class SealingPool:
    """So many processes, each sealing one file at a time. One keeps up with two rendering workers, unless it waits for an authority.

    `secrets` is the folder with the key and its chain, `authority` the address of a time-stamp authority (RFC 3161) or None. With a
    `device` the key lies there, and the folder has the PIN that opens it.
    """

    def __init__(self, processes: int, secrets: Path, authority: str | None, device: Device | None = None) -> None:
        where = (device.module, device.token, device.key) if device else ()
        self._command = (sys.executable, "-m", "espace_documents.rendering.sealing_worker", str(secrets), authority or "", *where)
        self._passed_on = (*PASSED_ON, *(device.environment if device else ()))
        self._processes = processes
        self._idle: asyncio.Queue[WorkerProcess | None] = asyncio.Queue()
        self._staff: set[WorkerProcess] = set()

    async def start(self) -> None:
        """Returns when a process is ready; the others start when they are needed. Raises RenderingInterrupted, saying why, if it cannot."""
        first = await self._hire()
        for worker in (*[None] * (self._processes - 1), first):
            self._idle.put_nowait(worker)

    async def seal(self, document: RenderedDocument) -> RenderedDocument:
        """The document sealed. Raises RenderingInterrupted whenever it cannot be: a document is never to blame for that."""
        worker = await self._idle.get()
        try:
            if worker is None or not worker.alive:
                worker = await self._hire()
            sealed = await self._sealed(document.pdf, worker)
        finally:
            self._idle.put_nowait(worker)
        return replace(document, pdf=sealed, sha256=sha256(sealed).hexdigest())

    async def close(self) -> None:
        """Ends every process at once."""
        await asyncio.gather(*(self._dismiss(worker) for worker in tuple(self._staff)))

    async def _sealed(self, pdf: bytes, worker: WorkerProcess) -> bytes:
        """What the process gives back. A process that was not waited for is ended, since it would answer the next with it."""
        try:
            async with asyncio.timeout(TIME_LIMIT_S):
                answer, sealed = await worker.ask(pdf)
        except (TimeoutError, WorkerGone) as error:
            await self._dismiss(worker)
            raise RenderingInterrupted(f"A document could not be sealed. {error}") from error
        except BaseException:
            await self._dismiss(worker)
            raise
        if answer.outcome is not Outcome.RENDERED:
            await self._dismiss(worker)  # a device may have forgotten its session; a new process opens another
            raise RenderingInterrupted(
                f"A document could not be sealed ({answer.detail}). Look whether the time-stamp authority and the key's device answer."
            )
        return sealed

    async def _hire(self) -> WorkerProcess:
        try:
            worker = await WorkerProcess.hire(self._command, MEMORY_LIMIT_MB, self._passed_on)
        except WorkerUnfit as unfit:
            raise RenderingInterrupted(f"A sealing process cannot start. {unfit}") from unfit
        self._staff.add(worker)
        return worker

    async def _dismiss(self, worker: WorkerProcess) -> None:
        self._staff.discard(worker)
        await worker.dismiss()
