"""One worker process as the service sees it."""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence

from espace_documents.rendering import wire
from espace_documents.rendering.assets import FONTS
from espace_documents.rendering.wire import Answer, Outcome

START_LIMIT_S = 60
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH")
"""All that a worker gets of the service's environment: what Python needs to start, and no secret."""


class WorkerUnfit(Exception):
    """The process did not become ready; the message says why."""


class WorkerGone(Exception):
    """The process ended by itself. ``returncode`` is minus the signal that ended it, if one did."""

    def __init__(self, returncode: int) -> None:
        super().__init__(f"The worker ended with {returncode}.")
        self.returncode = returncode


class WorkerProcess:
    """Does one thing at a time: typesets, or seals. Made by ``hire``, ended by ``dismiss``."""

    def __init__(self, process: Process) -> None:
        assert process.stdin
        assert process.stdout
        self._process, self._stdin, self._stdout = process, process.stdin, process.stdout
        self.answers = 0
        self._owes_an_answer = False

    @classmethod
    async def hire(cls, command: Sequence[str], memory_limit_mb: int, passed_on: Sequence[str] = PASSED_ON) -> WorkerProcess:
        """A worker that is ready. Raises WorkerUnfit."""
        environment = {name: os.environ[name] for name in passed_on if name in os.environ}
        environment |= {"FONTCONFIG_FILE": str(FONTS), "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "LC_ALL": "C.UTF-8"}
        # A native library's complaint may quote the letter, so nothing hears stderr; why a worker is unfit comes as its first answer.
        process = await asyncio.create_subprocess_exec(
            *command, str(memory_limit_mb), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(START_LIMIT_S):
                answer = Answer.decoded(await worker._receive())
            if answer.outcome is not Outcome.READY:
                raise WorkerUnfit(answer.detail)
        except BaseException as error:
            await worker.dismiss()
            if isinstance(error, (TimeoutError, WorkerGone)):
                raise WorkerUnfit(f"It was not ready: {error}") from None
            raise
        return worker

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be asked: the process still runs, as far as the operating system has told, and owes no answer to somebody who
        left, which the next one would get."""
        return self._process.returncode is None and not self._owes_an_answer

    async def ask(self, request: bytes) -> tuple[Answer, bytes]:
        """The answer to a request and, if there is one, the PDF. Raises WorkerGone."""
        self._owes_an_answer = True
        try:
            self._stdin.write(wire.framed(request))
            await self._stdin.drain()
        except ConnectionError:
            raise WorkerGone(await self._process.wait()) from None
        answer = Answer.decoded(await self._receive())
        pdf = await self._receive() if answer.outcome is Outcome.RENDERED else b""
        self.answers += 1
        self._owes_an_answer = False
        return answer, pdf

    async def dismiss(self) -> None:
        """Ends the process at once: it holds nothing that could be lost."""
        if self._process.returncode is None:
            self._process.kill()
        self._stdin.close()
        await self._process.wait()

    async def _receive(self) -> bytes:
        try:
            length = await self._stdout.readexactly(wire.LENGTH_BYTES)
            return await self._stdout.readexactly(int.from_bytes(length, "big"))
        except asyncio.IncompleteReadError:
            raise WorkerGone(await self._process.wait()) from None
