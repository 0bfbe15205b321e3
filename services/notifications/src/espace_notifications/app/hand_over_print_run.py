from __future__ import annotations

from uuid import UUID

from espace_kernel.crashpoints import reach
from espace_kernel.logs import logger
from espace_notifications.app.ports import Clock, FolderInDoubt, Letters, PrintRuns, PrintSpool, RunsKnown
from espace_notifications.domain.letter import Letter
from espace_notifications.domain.print_run import LeftOut, PrintRun

log = logger()

ALARMING = 4
"""How often a letter misses a run before that is an error: the first times are the normal course of a part that is away."""


class HandOverPrintRun:
    """Give a sealed run to the printer, then settle each of its letters. What an earlier try did is found and not repeated."""

    def __init__(self, letters: Letters, runs: PrintRuns, known: RunsKnown, spool: PrintSpool, clock: Clock) -> None:
        self._letters, self._runs, self._known, self._spool, self._clock = letters, runs, known, spool, clock

    async def __call__(self, run: PrintRun) -> None:
        """Leaves the run handed over. Raises PrinterAway, FolderInDoubt, and VersionConflict when another replica settles it too."""
        reach("notifications.before_handover")
        await self._nothing_was_forgotten()
        await self._spool.hand_over(run.assembly, run.letters)
        reach("notifications.after_handover")
        for printed in run.letters:
            if (letter := await self._unsettled(printed.letter, run)) is not None:
                letter.post(self._clock())
                await self._letters.save(letter)
        for left in run.left_out:
            if (letter := await self._unsettled(left.letter, run)) is not None:
                await self._leave_out(letter, left)
        run.is_done(self._clock())
        await self._runs.save(run)
        await self._spool.clear(run.id)
        log.info("a print run was handed over", print_run=str(run.id), count=len(run.letters))

    async def _nothing_was_forgotten(self) -> None:
        """A store that was restored from an older state may hold letters as waiting that lie in a run at the printer's."""
        there = await self._spool.at_the_printers()
        if unknown := sorted(map(str, {*there} - {*await self._known(there)})):
            raise FolderInDoubt(
                f"In ready or taken lie {len(unknown)} print runs that are not known here, such as {unknown[0]}. Their letters may wait "
                "here once more, so nothing is handed over. Have each of them settled by its folder."
            )

    async def _unsettled(self, letter_id: UUID, run: PrintRun) -> Letter | None:
        letter = await self._letters.get(letter_id)
        return letter if letter is not None and letter.is_in(run.id) else None

    async def _leave_out(self, letter: Letter, left: LeftOut) -> None:
        say = log.warning
        if left.called_off is not None:
            letter.call_off(left.called_off, left.problem, self._clock())
        elif left.failure is not None:
            letter.fail(left.failure, left.problem, self._clock())
            say = log.error
        else:
            letter.back_to_queue(left.problem, self._clock())
            say = log.error if letter.runs_missed >= ALARMING else log.warning
        await self._letters.save(letter)
        say("a letter was left out of a print run", letter=str(letter.id), reason=left.problem, outcome=letter.state,
            attempt=letter.runs_missed)  # fmt: skip
