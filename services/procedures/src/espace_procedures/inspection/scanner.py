"""A virus scanner that speaks clamd's protocol: a file is sent in pieces, each after its length, and one line is the answer."""

from __future__ import annotations

import asyncio
import contextlib

from espace_procedures.app.ports import ScannerIsAway
from espace_procedures.domain.attachments import Flaw, Unfit

_PIECE = 256 * 1024
_PATIENCE_SECONDS = 30


class Scanner:
    """The scanner at an address, `host:port`."""

    def __init__(self, address: str) -> None:
        self._host, _, port = address.rpartition(":")
        self._port = int(port)

    async def scan(self, content: bytes) -> None:
        """Raises Unfit for what it knows as malicious, ScannerIsAway when it gives no clear answer."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                answer = await self._answer_to(content)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ScannerIsAway("The scanner cannot be reached, or does not answer.") from error
        if answer.endswith("FOUND"):
            raise Unfit(Flaw.INFECTED)
        if not answer.endswith("OK"):
            raise ScannerIsAway("The scanner answers, and could not scan. Look into its own log; StreamMaxLength may be too small.")

    async def _answer_to(self, content: bytes) -> str:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write(b"zINSTREAM\0")
            for start in range(0, len(content), _PIECE):
                piece = content[start : start + _PIECE]
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
            writer.write((0).to_bytes(4, "big"))
            return (await reader.readuntil(b"\0"))[:-1].decode("utf-8", "replace").strip()
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
