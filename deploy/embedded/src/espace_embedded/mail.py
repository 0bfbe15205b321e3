"""An SMTP server that keeps each message as a file and delivers nothing: `python -m espace_embedded.mail <port> <folder>`."""

import asyncio
import signal
import sys
import time
import uuid
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Folder:
    """Writes each accepted message as one .eml, complete when it appears."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd calls it so
        """Keeps the message; the answer is SMTP's."""
        name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}"
        unfinished = self._path / f".{name}"
        unfinished.write_bytes(envelope.original_content or b"")
        unfinished.rename(self._path / f"{name}.eml")
        return "250 Kept"


async def serve(port: int, folder: Path) -> None:
    """Runs until SIGTERM."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    handler = Folder(folder)
    async with await loop.create_server(lambda: SMTP(handler), "127.0.0.1", port):
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
