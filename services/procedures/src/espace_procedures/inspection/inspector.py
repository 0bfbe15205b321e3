from __future__ import annotations

import asyncio
import sys

from espace_procedures.domain.attachments import MAX_BYTES, Flaw, Unfit
from espace_procedures.inspection.child import REFUSED
from espace_procedures.inspection.scanner import Scanner

_PATIENCE_SECONDS = 15.0
_AT_ONCE = 2


class Inspector:
    """Looks into files before anything of them is stored: the scanner first, if there is one, then a process for each file."""

    def __init__(self, scanner: Scanner | None, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._scanner, self._patience = scanner, patience_seconds
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, content: bytes, media_type: str) -> bytes:
        """What is to be stored: a PDF as it came, or without the files it carried; a picture encoded anew. Raises Unfit, ScannerIsAway."""
        if self._scanner is not None:
            await self._scanner.scan(content)
        async with self._room:
            fit = await self._look(content, media_type) or content
        if len(fit) > MAX_BYTES:
            raise Unfit(Flaw.TOO_COMPLEX)
        return fit

    async def _look(self, content: bytes, media_type: str) -> bytes:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-B", "-m", "espace_procedures.inspection.child", media_type, env={},
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._patience):
                answer, _ = await child.communicate(content)
        except TimeoutError:
            raise Unfit(Flaw.TOO_COMPLEX) from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        if child.returncode == REFUSED:
            raise Unfit(Flaw(answer.decode()))
        if child.returncode and child.returncode < 0:  # killed for its memory or its processor time
            raise Unfit(Flaw.TOO_COMPLEX)
        if child.returncode:
            raise RuntimeError("The process that looks into files fails by itself. Start it by hand to see why.")
        return answer
