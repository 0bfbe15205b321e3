from __future__ import annotations

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import AccessLog
from espace_identity.domain.access import Access


class ListAccesses:
    """Who looked at a person's data, page by page."""

    def __init__(self, log: AccessLog) -> None:
        self._log = log

    async def __call__(self, insured: InsuredId, before: str | None, limit: int) -> tuple[list[Access], str | None]:
        """The newest first, and where the next page begins."""
        return await self._log.page(insured, before, limit)
