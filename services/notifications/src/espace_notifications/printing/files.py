"""The printer's folder, wherever it is: the few things that are done with files there. Paths are relative to it, parted by `/`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol


class Missing(Exception):
    """There is no such file or folder."""


@dataclass(frozen=True)
class Entry:
    """What lies in a folder; `size` in bytes."""

    name: str
    size: int
    is_file: bool


class Printer(Protocol):
    """Raises Missing where a path is not there, and PrinterAway for all else that keeps it from working."""

    async def __aenter__(self) -> object:
        """Connections are made when they are needed."""

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Ends what connections there are."""

    async def make_folder(self, path: str) -> None:
        """Does nothing when it is there."""

    async def write(self, path: str, content: bytes) -> None:
        """A new file, on disk when this returns as far as the other side can promise it."""

    async def sync(self, folder: str) -> None:
        """The names in a folder are on disk when this returns, as far as the other side can promise it."""

    async def rename(self, path: str, to: str) -> None:
        """In one step. `to` must not be there."""

    async def exists(self, path: str) -> bool:
        """Whether anything is there."""

    async def entries(self, folder: str) -> Sequence[Entry]:
        """What lies in it, in any order."""

    async def read(self, path: str) -> bytes:
        """The whole of a file."""

    async def remove(self, path: str) -> None:
        """A file, or a folder with all in it."""
