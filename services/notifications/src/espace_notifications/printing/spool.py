"""Print runs as folders. The printer takes whole folders out of `ready`; what is in `assembling` is none of its business.

All replicas share one spool, on one file system. Files are readable by this account and its group alone: they are letters.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from espace_notifications.domain.print_run import Assembly

_FOLDER_MODE, _FILE_MODE = 0o750, 0o640


class PrintSpoolFolder:
    """The spool below one folder: `assembling/<run>.<attempt>` becomes `ready/<run>` by one rename."""

    def __init__(self, root: Path) -> None:
        self._assembling, self._ready = root / "assembling", root / "ready"

    async def prepare(self) -> None:
        """Make the folders."""
        for folder in (self._assembling, self._ready):
            await asyncio.to_thread(folder.mkdir, _FOLDER_MODE, parents=True, exist_ok=True)

    async def start(self, assembly: Assembly) -> None:
        """Make the attempt's folder, and remove those of earlier attempts of the run; a later one's is left alone."""
        await asyncio.to_thread(self._start, assembly)

    async def put(self, assembly: Assembly, file: str, content: bytes) -> None:
        """Write a file into the attempt's folder."""
        await asyncio.to_thread(_write, self._folder(assembly) / file, content)

    async def complete(self, assembly: Assembly) -> None:
        """All that was put is on disk when this returns, with its name."""
        await asyncio.to_thread(_sync, self._folder(assembly))

    async def hand_over(self, assembly: Assembly) -> None:
        """Rename the attempt's folder into `ready`. A folder that is not there any more was renamed before."""
        await asyncio.to_thread(self._hand_over, assembly)

    async def clear(self, run: UUID) -> None:
        """Remove every attempt's folder of a run."""
        await asyncio.to_thread(self._remove, run, None)

    async def assembling(self) -> Sequence[UUID]:
        """The runs that have attempts' folders."""
        return await asyncio.to_thread(lambda: list({assembly.run for assembly in self._assemblies()}))

    def _folder(self, assembly: Assembly) -> Path:
        return self._assembling / f"{assembly.run}.{assembly.attempt}"

    def _assemblies(self) -> Iterator[Assembly]:
        for folder in self._assembling.iterdir():
            run, _, attempt = folder.name.partition(".")
            with contextlib.suppress(ValueError):  # a folder that is none of ours
                yield Assembly(UUID(run), int(attempt))

    def _start(self, assembly: Assembly) -> None:
        self._remove(assembly.run, assembly.attempt)
        self._folder(assembly).mkdir(_FOLDER_MODE)
        _sync(self._assembling)

    def _remove(self, run: UUID, before: int | None) -> None:
        for assembly in self._assemblies():
            if assembly.run == run and (before is None or assembly.attempt < before):
                shutil.rmtree(self._folder(assembly))

    def _hand_over(self, assembly: Assembly) -> None:
        folder = self._folder(assembly)
        try:
            folder.rename(self._ready / str(assembly.run))
        except FileNotFoundError:
            if folder.exists():  # then `ready` is what is missing
                raise
        _sync(self._ready)
        _sync(self._assembling)


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Bring the names in a folder to disk. Raises FileNotFoundError when the spool is not there, so nothing is taken for handed over."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
