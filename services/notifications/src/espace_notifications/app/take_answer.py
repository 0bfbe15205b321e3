from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from espace_notifications.app.ports import Clock, Letters, PrintRuns
from espace_notifications.domain.answer import Answer, LetterBack, LetterGone, LettersDispatched, LettersReturned, RunDispatched
from espace_notifications.domain.letter import AnswerWrong, Letter, LetterState
from espace_notifications.domain.print_run import PrintRun, RunState

_CLOCKS_DIFFER = timedelta(minutes=5)
"""How far the printer's clock may be from ours."""
_SENTENCES = 20


class NotYet(Exception):
    """The answer is about a run whose hand-over was not noted yet, because a process died then: it is to be read again later."""


class TakeAnswer:
    """Carry out what the printer tells: all of it, or nothing when any of it cannot be true. Safe to repeat."""

    def __init__(self, letters: Letters, runs: PrintRuns, clock: Clock) -> None:
        self._letters, self._runs, self._clock = letters, runs, clock

    async def __call__(self, answer: Answer) -> None:
        """Raises AnswerWrong with a sentence for each letter, NotYet, and VersionConflict half-way: a repeat does the rest."""
        run = None if isinstance(answer, LettersReturned) else await self._handed_over(answer.print_run)
        known: dict[UUID, Letter] = {}
        changed: dict[UUID, Letter] = {}
        runs = {run.id: run} if run else {}
        wrong: list[str] = []
        for line in _lines(answer, run):
            try:
                letter = known.get(line.letter) or await self._letter(line.letter, run)
                known[letter.id] = letter
                if self._tell(letter, line, await self._run_of(letter, runs)):
                    changed[letter.id] = letter
            except AnswerWrong as error:
                wrong.append(str(error))
        if wrong:
            raise AnswerWrong("\n".join(wrong[:_SENTENCES]))
        for letter in changed.values():
            await self._letters.save(letter)

    async def _handed_over(self, run_id: UUID) -> PrintRun:
        run = await self._runs.get(run_id)
        if run is None:
            raise AnswerWrong(f"There is no print run {run_id}.")
        if run.state is not RunState.HANDED_OVER:
            raise NotYet
        return run

    async def _letter(self, letter_id: UUID, run: PrintRun | None) -> Letter:
        letter = await self._letters.get(letter_id)
        if letter is None:
            raise AnswerWrong(f"There is no letter {letter_id}.")
        if run is not None and letter.print_run != run.id:
            raise AnswerWrong(f"Letter {letter_id} does not lie in print run {run.id}.")
        if letter.state is LetterState.IN_RUN:
            raise NotYet
        return letter

    async def _run_of(self, letter: Letter, known: dict[UUID, PrintRun]) -> PrintRun | None:
        """The run that printed it, looked up once for all of its letters."""
        if letter.print_run is None:
            return None
        if letter.print_run not in known and (run := await self._runs.get(letter.print_run)) is not None:
            known[run.id] = run
        return known.get(letter.print_run)

    def _tell(self, letter: Letter, line: LetterGone | LetterBack, run: PrintRun | None) -> bool:
        if line.at > self._clock() + _CLOCKS_DIFFER:
            raise AnswerWrong(f"The date told for letter {letter.id} has not come yet.")
        if run is not None and line.at < (run.cut_off or run.created_at) - _CLOCKS_DIFFER:  # a lost run is formed again, long afterwards
            raise AnswerWrong(f"The date told for letter {letter.id} is before its print run was formed.")
        match line:
            case LetterGone():
                return letter.was_dispatched(line.at)
            case LetterBack():
                return letter.came_back(line.reason, line.at)


def _lines(answer: Answer, run: PrintRun | None) -> Sequence[LetterGone | LetterBack]:
    match answer:
        case RunDispatched():
            assert run is not None
            return [LetterGone(printed.letter, answer.at) for printed in run.letters]
        case LettersDispatched() | LettersReturned():
            return answer.letters
