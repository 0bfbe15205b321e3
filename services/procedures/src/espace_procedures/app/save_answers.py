from __future__ import annotations

from collections.abc import Mapping

from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Clock, Procedures
from espace_procedures.domain.procedure import Procedure


class SaveAnswers:
    """Keep what the person has filled in so far."""

    def __init__(self, procedures: Procedures, clock: Clock) -> None:
        self._procedures, self._clock = procedures, clock

    async def __call__(self, seen: AsSeen, answers: Mapping[str, object]) -> Procedure:
        """Raises NoSuchProcedure, VersionConflict, and the Refusals of Procedure.save_answers."""
        procedure = await seen.load(self._procedures)
        procedure.save_answers(answers, self._clock())
        await self._procedures.save(procedure)
        return procedure
