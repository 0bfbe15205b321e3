from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from espace_kernel.crashpoints import reach
from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.fetch_letter import FetchLetter, Printable
from espace_notifications.app.ports import Clock, Letters, PrintRuns, PrintSpool
from espace_notifications.domain.letter import Letter, LetterState
from espace_notifications.domain.manifest import MANIFEST, manifest
from espace_notifications.domain.postal_address import PostalAddress
from espace_notifications.domain.print_run import Candidate, LeftOut, PrintedLetter, PrintRun


class AssemblePrintRun:
    """Claim a run's letters, gather what the printer needs in a folder of this attempt, in the post's order, and seal it."""

    def __init__(self, letters: Letters, runs: PrintRuns, spool: PrintSpool, fetch: FetchLetter, clock: Clock) -> None:
        self._letters, self._runs, self._spool, self._fetch, self._clock = letters, runs, spool, fetch, clock

    async def __call__(self, run: PrintRun) -> None:
        """Leaves the run sealed; or removed, when other runs took all its letters. Raises SourceAway, PrinterAway, VersionConflict."""
        letters = [letter for candidate in run.candidates if (letter := await self._claimed(candidate, run)) is not None]
        reach("notifications.after_claim")
        if not letters:
            await self._runs.remove(run)
            return
        await self._spool.start(run.assembly)
        printed, left_out = await self._gather(run, letters)
        content = json.dumps(manifest(run, printed), indent=2)
        await self._put(run, MANIFEST, content.encode())
        await self._spool.complete(run.assembly)
        run.seal(printed, left_out)
        await self._runs.save(run)

    async def _claimed(self, candidate: Candidate, run: PrintRun) -> Letter | None:
        """The letter when it is this run's, claimed now or by an earlier attempt; None when it has gone another way."""
        letter = await self._letters.get(candidate.letter)
        if letter is None or letter.is_in(run.id):
            return letter
        if letter.state is not LetterState.QUEUED or letter.version != candidate.version:
            return None
        letter.claim(run.id)
        try:
            await self._letters.save(letter)
        except VersionConflict:
            return await self._claimed(candidate, run)
        return letter

    async def _gather(self, run: PrintRun, letters: Sequence[Letter]) -> tuple[list[PrintedLetter], list[LeftOut]]:
        printed: list[PrintedLetter] = []
        left_out: list[LeftOut] = []
        for letter, address in await self._in_order(run, letters, left_out):
            await self._keep_the_lease(run)
            match await self._fetch.content(letter):
                case LeftOut() as left:
                    left_out.append(left)
                case Printable() as printable:
                    entry = _entry(len(printed) + 1, letter, printable, address)
                    await self._put(run, entry.file, printable.pdf)
                    await self._put(run, entry.address_sheet, printable.address_sheet)
                    printed.append(entry)
        return printed, left_out

    async def _in_order(
        self, run: PrintRun, letters: Sequence[Letter], left_out: list[LeftOut]
    ) -> Sequence[tuple[Letter, PostalAddress]]:  # fmt: skip
        """The letters that have an address, as the post sorts them; within a postcode as they waited. The others join `left_out`."""
        addressed: list[tuple[Letter, PostalAddress]] = []
        for letter in letters:
            await self._keep_the_lease(run)
            match await self._fetch.address(letter):
                case LeftOut() as left:
                    left_out.append(left)
                case PostalAddress() as address:
                    addressed.append((letter, address))
        return sorted(addressed, key=lambda each: each[1].place_in_order)

    async def _put(self, run: PrintRun, file: str, content: bytes) -> None:
        await self._keep_the_lease(run)
        await self._spool.put(run.assembly, file, content)

    async def _keep_the_lease(self, run: PrintRun) -> None:
        if run.renew(self._clock()):
            await self._runs.save(run)


def _entry(position: int, letter: Letter, printable: Printable, address: PostalAddress) -> PrintedLetter:
    name = f"{position:04}-{letter.id}"
    return PrintedLetter(
        position=position,
        letter=letter.id,
        file=f"{name}.pdf",
        sha256=letter.sha256,
        size=letter.size,
        pages=letter.pages,
        address_sheet=f"{name}-address.pdf",
        address_sheet_sha256=hashlib.sha256(printable.address_sheet).hexdigest(),
        country=address.country,
    )
