"""The printer's folder on a file system that all replicas share. Files are letters: this account and its group alone can read them."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from espace_notifications.app.ports import PrinterAway
from espace_notifications.printing.files import Entry, Missing

T = TypeVar("T")

_FOLDER_MODE, _FILE_MODE = 0o750, 0o640


class Folder(AbstractAsyncContextManager["Folder"]):
    """Files below one folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """There is nothing to end."""

    async def make_folder(self, path: str) -> None:
        """Does nothing when it is there."""
        await _done(lambda: (self._root / path).mkdir(_FOLDER_MODE, parents=True, exist_ok=True))

    async def write(self, path: str, content: bytes) -> None:
        """A new file, flushed to disk."""
        await _done(lambda: _write(self._root / path, content))

    async def sync(self, folder: str) -> None:
        """Bring the names in a folder to disk."""
        await _done(lambda: _sync(self._root / folder))

    async def rename(self, path: str, to: str) -> None:
        """In one step, flushed to disk."""
        await _done(lambda: _rename(self._root / path, self._root / to))

    async def exists(self, path: str) -> bool:
        """Whether anything is there."""
        return await _done((self._root / path).exists)

    async def entries(self, folder: str) -> Sequence[Entry]:
        """What lies in it, in any order."""
        return await _done(lambda: _entries(self._root / folder))

    async def read(self, path: str) -> bytes:
        """The whole of a file."""
        return await _done((self._root / path).read_bytes)

    async def remove(self, path: str) -> None:
        """A file, or a folder with all in it."""
        await _done(lambda: _remove(self._root / path))


async def _done(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except FileNotFoundError:
        raise Missing from None
    except OSError as error:
        raise PrinterAway(f"The print spool cannot be used ({error.strerror}). Check its disk and its rights.") from None


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(path: Path, to: Path) -> None:
    if to.exists():  # a file would be overwritten
        raise FileExistsError(17, "there is one of this name already")
    path.rename(to)
    _sync(to.parent)
    _sync(path.parent)


def _entries(folder: Path) -> Sequence[Entry]:
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                found.append(Entry(entry.name, entry.stat(follow_symlinks=False).st_size, entry.is_file(follow_symlinks=False)))
            except FileNotFoundError:  # moved away this very moment
                continue
    return found


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
