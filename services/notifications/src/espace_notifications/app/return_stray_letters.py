from __future__ import annotations

from uuid import UUID

from espace_notifications.app.ports import Clock, Letters, LettersInRuns, PrintRuns


class ReturnStrayLetters:
    """Put letters back in the queue whose run does not exist: it was lost when the store was restored from an older state."""

    def __init__(self, in_runs: LettersInRuns, letters: Letters, runs: PrintRuns, clock: Clock) -> None:
        self._in_runs, self._letters, self._runs, self._clock = in_runs, letters, runs, clock
        self._behind: UUID | None = None

    async def __call__(self) -> int:
        """How many there were of those that one look takes; the next goes on behind them."""
        letters = await self._in_runs(self._behind)
        self._behind = letters[-1].id if letters else None
        lost = {run for run in {letter.print_run for letter in letters} if run and await self._runs.get(run) is None}
        strays = [letter for letter in letters if letter.print_run in lost]
        for letter in strays:
            letter.back_to_queue("The print run that held the letter does not exist.", self._clock())
            await self._letters.save(letter)
        return len(strays)
