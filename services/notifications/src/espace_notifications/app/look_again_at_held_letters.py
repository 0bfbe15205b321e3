from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from prometheus_client import Gauge

from espace_kernel.logs import logger
from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.fetch_letter import FetchLetter, Printable
from espace_notifications.app.ports import Clock, Letters, LettersHeldBehind, SourceAway
from espace_notifications.domain.letter import Letter
from espace_notifications.domain.print_run import LeftOut

log = logger()

HELD_LETTERS = Gauge("espace_held_letters", "Letters that cannot be posted as they are and wait for an operator")


class LookAgainAtHeldLetters:
    """Put letters back into the queue that could be printed now: the fund corrected the file, and nobody needs to press a button for it."""

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
        """How many of them could be printed now."""
        back = 0
        try:
            for letter in held:
                if await self._is_printable(letter):
                    back += await self._requeue(letter)
        except SourceAway as away:
            log.info("held letters could not be looked at", reason=str(away))
        return back

    async def _is_printable(self, letter: Letter) -> bool:
        if isinstance(await self._fetch.address(letter), LeftOut):
            return False
        return isinstance(await self._fetch.content(letter), Printable)

    async def _requeue(self, letter: Letter) -> int:
        letter.requeue(self._clock())
        try:
            await self._letters.save(letter)
        except VersionConflict:  # somebody was faster
            return 0
        log.info("a held letter is back in the queue", letter=str(letter.id))
        return 1
