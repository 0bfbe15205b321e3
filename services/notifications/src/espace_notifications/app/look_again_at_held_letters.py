from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from prometheus_client import Gauge

from espace_kernel.logs import logger
from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.fetch_letter import FetchLetter, Printable
from espace_notifications.app.ports import Clock, Letters, LettersHeldBehind, LettersHeldCounted, SourceAway
from espace_notifications.domain.letter import CallOff, Letter
from espace_notifications.domain.print_run import LeftOut

log = logger()

HELD_LETTERS = Gauge("espace_held_letters", "Letters that cannot be posted as they are and wait for an operator")


class LookAgainAtHeldLetters:
    """Put letters back into the queue that could be printed now: the fund corrected the file, and nobody needs to press a button for it.
    Call off those that are not to be posted any more.

    A look takes some hundred letters, and the next goes on behind the last that was asked about, whatever came of that: so each has its
    turn, and none that documents stumbles over keeps the others from theirs. The place is kept in memory alone; after a restart the turns
    begin with the first.
    """

    def __init__(self, held: LettersHeldBehind, counted: LettersHeldCounted, letters: Letters, fetch: FetchLetter, clock: Clock) -> None:
        self._held, self._counted, self._letters, self._fetch, self._clock = held, counted, letters, fetch, clock
        self._behind: UUID | None = None

    async def __call__(self) -> int:
        """Always 0: a corrected file is no repair of ours."""
        try:
            for letter in await self._whose_turn_it_is():
                self._behind = letter.id
                await self._look_at(letter)
        except SourceAway as away:
            log.info("held letters could not be looked at", reason=str(away))
        HELD_LETTERS.set(await self._counted())
        return 0

    async def _whose_turn_it_is(self) -> Sequence[Letter]:
        return await self._held(self._behind) or await self._held(None)

    async def _look_at(self, letter: Letter) -> None:
        match await self._found_out_about(letter):
            case Printable():
                letter.requeue(self._clock())
            case LeftOut(problem=problem, called_off=CallOff() as why):
                letter.call_off(why, problem, self._clock())
            case _:
                return
        try:
            await self._letters.save(letter)
        except VersionConflict:  # somebody was faster
            return
        log.info("a held letter waits for nobody any more", letter=str(letter.id), outcome=letter.state)

    async def _found_out_about(self, letter: Letter) -> Printable | LeftOut:
        address = await self._fetch.address(letter)
        return address if isinstance(address, LeftOut) else await self._fetch.content(letter)
