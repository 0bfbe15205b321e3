from __future__ import annotations

from uuid import UUID

from espace_kernel.logs import logger
from espace_notifications.app.ports import Clock, Letters
from espace_notifications.domain.letter import Letter

log = logger()


class RequeueLetter:
    """An operator puts a held letter back into the queue: the same letter, never a second."""

    def __init__(self, letters: Letters, clock: Clock) -> None:
        self._letters, self._clock = letters, clock

    async def __call__(self, letter_id: UUID) -> Letter | None:
        """The letter as it is now; None when there is none. One that is not held stays as it is. Raises VersionConflict."""
        letter = await self._letters.get(letter_id)
        if letter is not None and letter.requeue(self._clock()):
            await self._letters.save(letter)
            log.info("an operator put a held letter back into the queue", letter=str(letter.id))
        return letter
