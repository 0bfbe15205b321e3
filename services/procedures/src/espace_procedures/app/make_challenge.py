from __future__ import annotations

from uuid import uuid4

from espace_procedures.app.ports import Challenges, Clock
from espace_procedures.domain.challenge import Posed, pose


class MakeChallenge:
    """Put a new challenge to whoever wants to send a procedure without login. Made twice, it is two, and each ends by itself."""

    def __init__(self, challenges: Challenges, clock: Clock) -> None:
        self._challenges, self._clock = challenges, clock

    async def __call__(self) -> Posed:
        """What to show; the secret of the puzzle and the answer to the question stay here."""
        posed = pose(uuid4(), self._clock())
        await self._challenges.add(posed.challenge)
        return posed
