from __future__ import annotations

from espace_procedures.app.ports import Challenges, Clock


class SweepChallenges:
    """Forget challenges that have expired. Repairs nothing, for nothing is broken."""

    def __init__(self, challenges: Challenges, clock: Clock) -> None:
        self._challenges, self._clock = challenges, clock

    async def __call__(self) -> int:
        """Always 0."""
        await self._challenges.forget_expired(self._clock())
        return 0
