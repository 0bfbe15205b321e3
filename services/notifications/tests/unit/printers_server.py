"""The printer's server: a real SSH and SFTP server in this process, whose troubles a test chooses."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

from espace_notifications.printing.sftp import Sftp, SftpAddress

Trouble = Callable[[str, Callable[[], None]], Awaitable[Any] | Any]
"""Called with what is about to be done, and what cuts the connection."""


@dataclass
class PrintersServer:
    """Serves `root`. `keys` is the folder in which our service finds its secrets."""

    root: Path
    keys: Path
    before: Trouble = lambda _act, _cut: None
    after: Trouble = lambda _act, _cut: None
    done: list[str] = field(default_factory=list)
    connections: list[Any] = field(default_factory=list)
    fsync: bool = True
    port: int = 0

    async def opens(self) -> PrintersServer:
        self.root.mkdir()
        self.keys.mkdir(exist_ok=True)
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        client_key = asyncssh.generate_private_key("ssh-ed25519")
        (self.keys / "printer.key").write_bytes(client_key.export_private_key())
        (self.keys / "printer.host-key").write_bytes(self.host_key.export_public_key())
        (self.keys.parent / "authorized").write_bytes(client_key.export_public_key())
        await self.comes()
        return self

    async def comes(self) -> None:
        self._server = await asyncssh.listen(
            "127.0.0.1", self.port, server_host_keys=[self.host_key], authorized_client_keys=str(self.keys.parent / "authorized"),
            sftp_factory=lambda channel: Troubled(self, channel), allow_scp=False,
        )  # fmt: skip
        self.port = self._server.get_port()

    async def goes(self) -> None:
        self._server.close()
        for connection in self.connections:
            connection.abort()
        await self._server.wait_closed()

    def client(self) -> Sftp:
        return Sftp(SftpAddress("espace", "127.0.0.1", self.port, "/"), lambda name: (self.keys / name).read_text().strip())


class Troubled(asyncssh.SFTPServer):
    def __init__(self, home: PrintersServer, channel: Any) -> None:
        super().__init__(channel, chroot=str(home.root).encode())
        self._home, self._connection = home, channel.get_connection()
        home.connections.append(self._connection)

    async def _do(self, act: str, work: Callable[[], Any]) -> Any:
        await self._may_be_cut(self._home.before, act)
        result = work()
        self._home.done.append(act)
        await self._may_be_cut(self._home.after, act)
        return result

    async def _may_be_cut(self, trouble: Trouble, act: str) -> None:
        cut = False

        def hang_up() -> None:
            nonlocal cut
            cut = True

        if asyncio.iscoroutine(waits := trouble(act, hang_up)):
            await waits
        if cut:
            self._connection.abort()
            raise asyncssh.SFTPConnectionLost("The line is cut.")

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        return await self._do("write", lambda: super(Troubled, self).write(file_obj, offset, data))

    async def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        await self._do("mkdir", lambda: super(Troubled, self).mkdir(path, attrs))

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        await self._do("rename", lambda: super(Troubled, self).rename(oldpath, newpath))

    async def fsync(self, file_obj: object) -> None:
        if not self._home.fsync:
            raise asyncssh.SFTPOpUnsupported("fsync is not known here")
        await self._do("fsync", lambda: super(Troubled, self).fsync(file_obj))


def cut(act: str, nth: int = 1) -> Trouble:
    """Cuts the connection at the nth time this is done."""
    times = 0

    def trouble(done: str, hang_up: Callable[[], None]) -> None:
        nonlocal times
        times += done == act
        if done == act and times == nth:
            hang_up()

    return trouble


def full(act: str, _cut: Callable[[], None]) -> None:
    """No space left, as the server's operating system says it."""
    if act == "write":
        raise OSError(errno.ENOSPC, "No space left on device")
