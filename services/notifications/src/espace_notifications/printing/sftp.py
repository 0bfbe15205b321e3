"""The printer's folder on the printer's own server, over SFTP. The server is the one whose key is pinned, or nothing is sent."""

from __future__ import annotations

import asyncio
import posixpath
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import unquote, urlsplit

import asyncssh
from asyncssh import FXF_CREAT, FXF_EXCL, FXF_WRITE, SFTPAttrs, SFTPClient, SSHClientConnection

from espace_notifications.app.ports import PrinterAway
from espace_notifications.domain.print_run import LONGEST_CALL
from espace_notifications.printing.files import Entry, Missing

T = TypeVar("T")

_CALL_SECONDS = LONGEST_CALL.total_seconds()
"""How long one call may take, a file's upload included."""
_FOLDER = SFTPAttrs(permissions=0o750)
_FILE = SFTPAttrs(permissions=0o640)
_NOT_THERE = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)


@dataclass(frozen=True)
class SftpAddress:
    """Where the printer's server is, and which folder on it is the printer's."""

    user: str
    host: str
    port: int
    folder: str

    @classmethod
    def of(cls, url: str) -> SftpAddress:
        """Of a text such as `sftp://espace@post.example:22/printer`; behind `/~/` it is the account's own. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme != "sftp" or not parts.hostname or not parts.username or parts.password:
            raise ValueError("ESPACE_PRINT_SFTP is no address. Write it like sftp://user@host:22/folder; the key lies in a file.")
        path = unquote(parts.path) or "/"
        return cls(parts.username, parts.hostname, parts.port or 22, path.removeprefix("/~/"))


class Sftp(AbstractAsyncContextManager["Sftp"]):
    """Files below one folder of the server. One connection, made when it is needed, and made again after any trouble."""

    def __init__(self, address: SftpAddress, secret: Callable[[str], str]) -> None:
        self._address, self._secret = address, secret
        self._connecting = asyncio.Lock()
        self._connection: SSHClientConnection | None = None
        self._client: SFTPClient | None = None

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._hang_up()

    async def __aenter__(self) -> Self:
        return self

    async def make_folder(self, path: str) -> None:
        """Does nothing when it is there."""
        await self._call(lambda sftp: sftp.makedirs(self._at(path), _FOLDER, exist_ok=True))

    async def write(self, path: str, content: bytes) -> None:
        """A new file, flushed to disk where the server knows how (OpenSSH does)."""

        async def send(sftp: SFTPClient) -> None:
            file = await sftp.open(self._at(path), FXF_WRITE | FXF_CREAT | FXF_EXCL, _FILE, encoding=None)
            await file.write(content)
            with suppress(asyncssh.SFTPOpUnsupported):
                await file.fsync()
            await file.close()

        await self._call(send)

    async def sync(self, folder: str) -> None:
        """The protocol has no word for it."""

    async def rename(self, path: str, to: str) -> None:
        """In one step; the server refuses when `to` is there."""
        await self._call(lambda sftp: sftp.rename(self._at(path), self._at(to)))

    async def exists(self, path: str) -> bool:
        """Whether anything is there."""
        return await self._call(lambda sftp: sftp.exists(self._at(path)))

    async def entries(self, folder: str) -> Sequence[Entry]:
        """What lies in it, in any order."""
        found = await self._call(lambda sftp: sftp.readdir(self._at(folder)))
        return [
            Entry(_text(each.filename), each.attrs.size or 0, each.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR)
            for each in found
            if _text(each.filename) not in (".", "..")
        ]

    async def read(self, path: str) -> bytes:
        """The whole of a file."""

        async def fetch(sftp: SFTPClient) -> bytes:
            file = await sftp.open(self._at(path), "rb")
            content = await file.read()
            await file.close()
            assert isinstance(content, bytes)
            return content

        return await self._call(fetch)

    async def remove(self, path: str) -> None:
        """A file, or a folder with all in it."""

        async def remove(sftp: SFTPClient) -> None:
            if await sftp.isdir(self._at(path)):
                await sftp.rmtree(self._at(path))
            else:
                await sftp.remove(self._at(path))

        await self._call(remove)

    def _at(self, path: str) -> bytes:
        """Bytes, since a name that the printer chose need not be UTF-8."""
        return posixpath.join(self._address.folder, path).encode("utf-8", "surrogateescape")

    # Nothing is closed behind a call that failed: a server that does not answer would not answer that either. The connection is dropped.

    async def _call(self, work: Callable[[SFTPClient], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                return await work(await self._connected())
        except _NOT_THERE:
            raise Missing from None
        except (asyncssh.Error, OSError, TimeoutError) as error:
            await self._hang_up()
            raise PrinterAway(_sentence(error)) from None

    async def _connected(self) -> SFTPClient:
        async with self._connecting:
            if self._client is None:
                self._connection = await asyncssh.connect(
                    self._address.host, self._address.port, username=self._address.user, config=None, agent_path=None,
                    client_keys=[self._key("printer.key", asyncssh.import_private_key)],
                    known_hosts=([self._key("printer.host-key", asyncssh.import_public_key)], [], []), keepalive_interval=15,
                )  # fmt: skip
                self._client = await self._connection.start_sftp_client()
            return self._client

    def _key(self, name: str, imported: Callable[[str], asyncssh.SSHKey]) -> asyncssh.SSHKey:
        try:
            return imported(self._secret(name))
        except OSError:
            raise PrinterAway(f"The file {name} is missing. Put it into the secrets' folder.") from None
        except ValueError:
            raise PrinterAway(f"The file {name} is no key in OpenSSH's form. Put the right one into the secrets' folder.") from None

    async def _hang_up(self) -> None:
        connection, self._connection, self._client = self._connection, None, None
        if connection is not None:
            connection.abort()
            with suppress(asyncssh.Error, OSError, TimeoutError):
                async with asyncio.timeout(_CALL_SECONDS):
                    await connection.wait_closed()


def _text(name: bytes | str) -> str:
    return name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")


_SENTENCES: Sequence[tuple[type[Exception], str]] = (
    (asyncssh.HostKeyNotVerifiable, "The printer's server shows another key than printer.host-key. Nothing was sent; ask the printer."),
    (asyncssh.PermissionDenied, "The printer's server does not let us in. Ask the printer whether it knows the key in printer.key."),
    (asyncssh.SFTPNoSpaceOnFilesystem, "The printer's server has no space left. Ask the printer to make room."),
    (asyncssh.SFTPQuotaExceeded, "The printer's server has no space left. Ask the printer to make room."),
    (asyncssh.SFTPConnectionLost, "The connection to the printer's server broke."),
    (asyncssh.SFTPError, "The printer's server refuses a file. Ask the printer about space and rights."),
    (asyncssh.Error, "The connection to the printer's server broke."),
    (TimeoutError, "The printer's server is too slow, or does not answer."),
    (OSError, "The printer's server cannot be reached."),
)


def _sentence(error: Exception) -> str:
    return next(sentence for kind, sentence in _SENTENCES if isinstance(error, kind))
