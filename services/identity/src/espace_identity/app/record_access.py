from __future__ import annotations

from espace_identity.app.ports import AccessLog
from espace_identity.domain.access import Access


class RecordAccess:
    """Write down that another part of the fund received something of a person's file."""

    def __init__(self, log: AccessLog) -> None:
        self._log = log

    async def __call__(self, access: Access) -> None:
        """Once, however often it is told."""
        await self._log.append(access)
