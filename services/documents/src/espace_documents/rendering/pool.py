"""The service's side of typesetting: processes that can be killed at a limit and replaced while the others go on."""

from __future__ import annotations

import asyncio
import signal
import sys
from hashlib import sha256
from typing import ClassVar

from espace_documents.rendering import wire
from espace_documents.rendering.jobs import Job, Jobs
from espace_documents.rendering.request import RenderedDocument, RenderingInterrupted, RenderingRefused, RenderingRequest
from espace_documents.rendering.wire import Answer, Outcome
from espace_documents.rendering.worker_process import WorkerGone, WorkerProcess, WorkerUnfit


class RenderingPool:
    """So many workers, each typesetting one document at a time; who asks for more waits, with a document of a run behind the single ones.

    ``time_limit_s`` is the processor time of one document, in whole seconds, so that a busy machine refuses none; one that takes
    ``patience_s`` by the clock is tried again later. ``memory_limit_mb`` is the address space of a worker, which is replaced after
    ``recycle_after`` documents.
    """

    command: ClassVar[tuple[str, ...]] = (sys.executable, "-m", "espace_documents.rendering.worker")

    def __init__(
        self, workers: int, time_limit_s: int = 10, memory_limit_mb: int = 400, recycle_after: int = 1000, patience_s: float = 60
    ) -> None:
        self._workers = workers
        self._time_limit_s, self._patience_s = time_limit_s, patience_s
        self._memory_limit_mb = memory_limit_mb
        self._recycle_after = recycle_after
        self._jobs = Jobs()
        self._open: list[Job] = []
        self._staff: list[WorkerProcess] = []
        self._places: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Returns when every worker is ready. Raises RenderingInterrupted, saying why, if one cannot start."""
        hired = await asyncio.gather(*(self._hire() for _ in range(self._workers)), return_exceptions=True)
        self._staff = [worker for worker in hired if isinstance(worker, WorkerProcess)]
        for failure in hired:
            if isinstance(failure, BaseException):
                await self.close()
                raise RenderingInterrupted(f"A rendering worker cannot start. {failure}") from failure
        self._places = [asyncio.create_task(self._keep_working(place)) for place in range(self._workers)]

    async def render(self, request: RenderingRequest, *, of_a_run: bool = False) -> RenderedDocument:
        """The request as a file. Raises RenderingRefused if that can never be, RenderingInterrupted if it may be later."""
        if not self._places:
            raise RenderingInterrupted("The rendering pool is not running; start it first.")
        job = Job(wire.encoded(request), asyncio.get_running_loop().create_future(), of_a_run)
        self._open.append(job)
        try:
            self._jobs.put(job)
            return await job.document
        finally:
            self._open.remove(job)

    async def close(self) -> None:
        """Ends every worker at once. Who still waits for a document gets RenderingInterrupted."""
        for place in self._places:
            place.cancel()
        await asyncio.gather(*self._places, return_exceptions=True)
        await asyncio.gather(*(worker.dismiss() for worker in self._staff))
        self._places, self._staff = [], []
        for job in self._open:
            job.settle(RenderingInterrupted("The rendering pool was closed before this document was typeset."))

    async def _hire(self) -> WorkerProcess:
        return await WorkerProcess.hire((*self.command, str(self._time_limit_s)), self._memory_limit_mb)

    async def _keep_working(self, place: int) -> None:
        """One place in the pool: its worker is replaced whenever it is spent or gone."""
        while True:
            worker = self._staff[place]
            job = await self._jobs.get()
            if worker.alive:
                await self._typeset(job, worker)
            else:
                self._jobs.put(job)
            if not worker.alive or worker.answers >= self._recycle_after:
                await worker.dismiss()
                self._staff[place] = await self._replacement()

    async def _replacement(self) -> WorkerProcess:
        """A new worker. While none can start, whoever asks is told so instead of waiting."""
        while True:
            try:
                return await self._hire()
            except WorkerUnfit as unfit:
                job = await self._jobs.get()
                job.settle(RenderingInterrupted(f"A rendering worker cannot start. {unfit}"))

    async def _typeset(self, job: Job, worker: WorkerProcess) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                answer, pdf = await worker.ask(job.request)
        except TimeoutError:
            await worker.dismiss()
            job.settle(RenderingInterrupted(f"A worker did not answer for {self._patience_s:g} s."))
        except WorkerGone as gone:
            self._lost(job, gone)
        else:
            job.settle(self._result(answer, pdf))
            if answer.outcome is Outcome.EXHAUSTED:
                await worker.dismiss()

    def _lost(self, job: Job, gone: WorkerGone) -> None:
        """SIGKILL comes from outside, so the document is tried once more; any other end was this document's doing."""
        if gone.returncode == -signal.SIGXCPU:
            job.settle(RenderingRefused(f"The document takes more than {self._time_limit_s} s of processor time to typeset."))
        elif gone.returncode != -signal.SIGKILL:
            job.settle(RenderingRefused(f"The document made its worker end with {gone.returncode}."))
        elif job.interrupted:
            job.settle(RenderingInterrupted("Two workers were killed while typesetting this document."))
        else:
            job.interrupted = True
            self._jobs.put(job)

    def _result(self, answer: Answer, pdf: bytes) -> RenderedDocument | RenderingRefused:
        match answer.outcome:
            case Outcome.RENDERED:
                return RenderedDocument(pdf, sha256(pdf).hexdigest(), answer.pages, answer.title)
            case Outcome.EXHAUSTED:
                return RenderingRefused(f"The document needs more memory than the {self._memory_limit_mb} MB it may have.")
            case _:
                return RenderingRefused(answer.detail)
