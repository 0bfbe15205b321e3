from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from prometheus_client import Gauge

from espace_kernel.logs import logger
from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.fetch_letter import FetchLetter, Printable
from espace_notifications.app.ports import Clock, Letters, LettersHeldBehind, SourceAway
from espace_notifications.domain.letter import CallOff, Letter
from espace_notifications.domain.print_run import LeftOut

log = logger()

HELD_LETTERS = Gauge("espace_held_letters", "Letters that cannot be posted as they are and wait for an operator")


class LookAgainAtHeldLetters:
    """Put letters back into the queue that could be printed now: the fund corrected the file, and nobody needs to press a button for it.
    Call off those that are not to be posted any more."""

    def __init__(self, held: LettersHeldBehind, letters: Letters, fetch: FetchLetter, clock: Clock) -> None:
        self._held, self._letters, self._fetch, self._clock = held, letters, fetch, clock

    async def __call__(self) -> int:
        """Always 0: a corrected file is no repair of ours."""
        waiting = 0
        behind: UUID | None = None
        while held := await self._held(behind):
            waiting += len(held) - await self._put_back(held)
            behind = held[-1].id
        HELD_LETTERS.set(waiting)
        return 0

    async def _put_back(self, held: Sequence[Letter]) -> int:
        """How many of them no longer wait: they could be printed now, or are not to be posted any more."""
        settled = 0
        try:
            for letter in held:
                match await self._looked_at(letter):
                    case Printable():
                        letter.requeue(self._clock())
                    case LeftOut(problem=problem, called_off=CallOff() as why):
                        letter.call_off(why, problem, self._clock())
                    case _:
                        continue
                settled += await self._save(letter)
        except SourceAway as away:
            log.info("held letters could not be looked at", reason=str(away))
        return settled

    async def _looked_at(self, letter: Letter) -> Printable | LeftOut:
        address = await self._fetch.address(letter)
        return address if isinstance(address, LeftOut) else await self._fetch.content(letter)

    async def _save(self, letter: Letter) -> int:
        try:
            await self._letters.save(letter)
        except VersionConflict:  # somebody was faster
            return 0
        log.info("a held letter waits for nobody any more", letter=str(letter.id), outcome=letter.state)
        return 1
