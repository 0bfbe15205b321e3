from __future__ import annotations

from uuid import UUID

from espace_cns_core.domain.submission import Submission
from espace_kernel.store import AggregateStore


class SubmissionsByProcedure:
    """Finds what a procedure's commands are about."""

    def __init__(self, store: AggregateStore[Submission]) -> None:
        self._store = store

    async def prepare(self) -> None:
        """Make the index; plain, since a command is rare."""
        await self._store.collection.create_index([("procedure", 1), ("number", -1)])

    async def latest(self, procedure: UUID) -> Submission | None:
        """The submission with the highest number; None when there is none."""
        found = await self._store.find({"procedure": procedure}, sort=[("number", -1)], limit=1)
        return found[0] if found else None
