from __future__ import annotations

import contextlib

from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.delete_draft import DeleteDraft
from espace_procedures.app.ports import Clock, Procedures
from espace_procedures.domain.expiry import KEPT, WARNED_BEFORE


class ExpireDrafts:
    """Warn of drafts that nobody works on, and delete them when their day has come."""

    def __init__(self, procedures: Procedures, delete: DeleteDraft, clock: Clock) -> None:
        self._procedures, self._delete, self._clock = procedures, delete, clock

    async def __call__(self) -> int:
        """Nothing was broken, so 0 repairs. A draft that its person changes meanwhile is left alone."""
        now = self._clock()
        async for draft in self._procedures.drafts_unchanged_since(now - KEPT + WARNED_BEFORE):
            with contextlib.suppress(VersionConflict):
                if draft.has_expired(now):
                    await self._delete.forget(draft)
                elif draft.warn_of_expiry(now):
                    await self._procedures.save(draft)
        return 0
