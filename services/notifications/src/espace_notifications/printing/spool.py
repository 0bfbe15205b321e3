"""Print runs as folders. The printer takes whole folders out of `ready` by moving them into `taken`; `incoming` is none of its business."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from espace_kernel.logs import logger
from espace_notifications.app.ports import FolderInDoubt, PrinterAway
from espace_notifications.domain.manifest import MANIFEST, Listing
from espace_notifications.domain.print_run import Assembly, PrintedLetter
from espace_notifications.printing.files import Missing, Printer

log = logger()

_INCOMING, _READY, _TAKEN = "incoming", "ready", "taken"
_FOLDERS = (_INCOMING, _READY, _TAKEN, "answers", "answers/read", "answers/rejected")


_LISTING = TypeAdapter(Listing)


class Spool:
    """`incoming/<run>.<attempt>.part` becomes `ready/<run>` by one rename, which the printer's `taken/<run>` attests afterwards."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._prepared = False

    async def prepare(self) -> None:
        """Make the folders: now, or before the first run when the printer is away now."""
        try:
            for folder in _FOLDERS:
                await self._printer.make_folder(folder)
        except PrinterAway as away:
            log.warning("the printer's folders cannot be made yet", reason=str(away))
        else:
            self._prepared = True

    async def start(self, assembly: Assembly) -> None:
        """Make the attempt's folder, and remove those of earlier attempts of the run; a later one's is left alone."""
        if not self._prepared:
            await self.prepare()
        for earlier in await self._assemblies():
            if earlier.run == assembly.run and earlier.attempt < assembly.attempt:
                await self._remove(earlier)
        await self._printer.make_folder(_folder(assembly))
        await self._printer.sync(_INCOMING)

    async def put(self, assembly: Assembly, file: str, content: bytes) -> None:
        """Write a file into the attempt's folder."""
        try:
            await self._printer.write(f"{_folder(assembly)}/{file}", content)
        except Missing:
            raise PrinterAway("The folder of this attempt is gone; the next attempt makes a new one.") from None

    async def complete(self, assembly: Assembly) -> None:
        """All that was put is on disk when this returns, with its name."""
        await self._printer.sync(_folder(assembly))

    async def hand_over(self, assembly: Assembly, letters: Sequence[PrintedLetter]) -> None:
        """Rename the attempt's folder into `ready`, unless the run lies there or in `taken`: then that was done before, with these
        letters or else in doubt."""
        if await self._is_there(assembly.run):
            await self._must_be_the_same(assembly, letters)
        elif letters:
            try:
                await self._printer.rename(_folder(assembly), f"{_READY}/{assembly.run}")
            except Missing:
                await self._must_be_there(assembly, letters)

    async def listed(self, run: UUID) -> Listing | None:
        """The manifest in `ready/<run>` or `taken/<run>`; None when none of this run can be read there."""
        for place in (_READY, _TAKEN):  # in the order in which a run moves
            with contextlib.suppress(Missing, ValidationError):
                listing = _LISTING.validate_json(await self._printer.read(f"{place}/{run}/{MANIFEST}"))
                return listing if listing.print_run == run else None
        return None

    async def at_the_printers(self) -> Sequence[UUID]:
        """The runs whose folders lie in `ready` or `taken`."""
        found = []
        for place in (_READY, _TAKEN):
            with contextlib.suppress(Missing):
                for entry in await self._printer.entries(place):
                    with contextlib.suppress(ValueError):  # a folder that is none of ours
                        found.append(UUID(entry.name))
        return found

    async def is_lost(self, assembly: Assembly) -> bool:
        """Whether a sealed folder is in none of the three places."""
        return not (await self._printer.exists(_folder(assembly)) or await self._is_there(assembly.run))

    async def clear(self, run: UUID) -> None:
        """Remove every attempt's folder of a run."""
        for assembly in await self._assemblies():
            if assembly.run == run:
                await self._remove(assembly)

    async def assembling(self) -> Sequence[UUID]:
        """The runs that have attempts' folders."""
        return list({assembly.run for assembly in await self._assemblies()})

    async def _assemblies(self) -> Sequence[Assembly]:
        try:
            entries = await self._printer.entries(_INCOMING)
        except Missing:
            raise PrinterAway("The folder incoming is not there. Check that the printer's folder is the right one.") from None
        found = []
        for entry in entries:
            run, _, attempt = entry.name.removesuffix(".part").partition(".")
            with contextlib.suppress(ValueError):  # a folder that is none of ours
                found.append(Assembly(UUID(run), int(attempt)))
        return found

    async def _remove(self, assembly: Assembly) -> None:
        with contextlib.suppress(Missing):
            await self._printer.remove(_folder(assembly))

    async def _must_be_the_same(self, assembly: Assembly, letters: Sequence[PrintedLetter]) -> None:
        """By the letters and their content: the printer may have deleted the PDFs, and addresses may have changed since."""
        there = await self.listed(assembly.run)
        if there is None and not await self._printer.exists(_folder(assembly)):
            return  # ours has left incoming, and who has it keeps a folder of its name alone
        if there is None:
            raise FolderInDoubt(
                f"What lies in ready or taken as {assembly.run} has no manifest of this print run, so none of its letters counts as "
                "handed over. Have the printer put the manifest back, then have the run settled by the folder."
            )
        if _content_of(there.letters) != _content_of(letters):
            raise FolderInDoubt(
                f"What lies in ready or taken as {assembly.run} holds other letters than this print run, so none of its letters counts as "
                "handed over. Leave it there; make sure that the printer prints it once, then have the run settled by the folder."
            )

    async def _must_be_there(self, assembly: Assembly, letters: Sequence[PrintedLetter]) -> None:
        if await self._is_there(assembly.run):  # another replica was faster
            await self._must_be_the_same(assembly, letters)
            return
        if await self.is_lost(assembly):
            raise PrinterAway(
                f"The sealed folder of print run {assembly.run} is neither in incoming, nor in ready, nor in taken. "
                "Ask the printer. If it has the run, make a folder of this name in taken; if not, have the run assembled again."
            )
        raise PrinterAway("The folder ready is not there. Check that the printer's folder is the right one.")

    async def _is_there(self, run: UUID) -> bool:
        return await self._printer.exists(f"{_READY}/{run}") or await self._printer.exists(f"{_TAKEN}/{run}")


def _content_of(letters: Sequence[PrintedLetter]) -> dict[UUID, str]:
    return {printed.letter: printed.sha256 for printed in letters}


def _folder(assembly: Assembly) -> str:
    return f"{_INCOMING}/{assembly.run}.{assembly.attempt}.part"
