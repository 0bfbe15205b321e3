from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from espace_kernel.logs import logger
from espace_notifications.app.ports import Clock, Letters, PrintRuns, PrintSpool
from espace_notifications.domain.letter import Letter, LetterState
from espace_notifications.domain.manifest import Listing
from espace_notifications.domain.print_run import PrintRun, RunState

log = logger()


class LetterUnknown(Exception):
    """A letter in the folder is not known here: it would be printed once more when it is asked for again."""


class SettleByFolder:
    """An operator learned that the folder at the printer's is what was handed over under a run's name: settle the run by it.

    What lies in it counts as posted and is never printed again, whether the run held it, or another run that has not left, or it waited in
    the queue; the rest of the run goes back to the queue. A run that was lost with the store is made anew.
    """

    def __init__(self, letters: Letters, runs: PrintRuns, spool: PrintSpool, clock: Clock) -> None:
        self._letters, self._runs, self._spool, self._clock = letters, runs, spool, clock

    async def __call__(self, run_id: UUID) -> PrintRun | None:
        """The run as it is now; None when there is none, here or there. One that is here and not in doubt, or whose folder has no manifest,
        stays as it is.

        Raises LetterUnknown before anything is changed, PrinterAway, and VersionConflict, after which a repeat does the rest.
        """
        run = await self._runs.get(run_id)
        if (run is not None and run.in_doubt_since is None) or (listing := await self._spool.listed(run_id)) is None:
            return run
        for letter in await self._known(listing):
            await self._claim(letter, run_id)
        if run is None:  # behind its letters: whoever takes it up finds them all
            run = PrintRun.found(run_id, listing.letters, listing.created_at, listing.cut_off)
            await self._runs.add(run)
        else:
            run.settle_by(listing.letters, self._clock())
            await self._runs.save(run)
        log.warning("an operator had a print run settled by the folder at the printer's", print_run=str(run_id), count=len(listing.letters))
        return run

    async def _known(self, listing: Listing) -> Sequence[Letter]:
        letters = [letter for printed in listing.letters if (letter := await self._letters.get(printed.letter)) is not None]
        if len(letters) < len(listing.letters):
            raise LetterUnknown
        return letters

    async def _claim(self, letter: Letter, run_id: UUID) -> None:
        """Take it for the run unless it went another way."""
        if letter.state is LetterState.IN_RUN and not letter.is_in(run_id):
            await self._release(letter)
        letter.requeue(self._clock())
        if letter.state is LetterState.QUEUED:
            letter.claim(run_id)
            await self._letters.save(letter)

    async def _release(self, letter: Letter) -> None:
        """Out of another run, which is put together anew without it; whoever is about to hand that one over finds it changed."""
        other = await self._runs.get(letter.print_run) if letter.print_run else None
        if other is not None:
            if other.state is RunState.SEALED:
                other.unseal(self._clock())
            await self._runs.save(other)
        letter.back_to_queue("The letter lies in another run at the printer's.", self._clock())
