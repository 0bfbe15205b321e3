from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from prometheus_client import Gauge

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.app.ports import Documents, StuckPlace
from espace_documents.domain.document import Document
from espace_kernel.logs import logger
from espace_kernel.outcomes import VersionConflict

log = logger()

STUCK_DELIVERIES = Gauge("espace_stuck_deliveries", "Documents that did not reach their recipient, and wait for an operator")

AT_ONCE = 500
"""So many are looked at, or listed, in one go."""


class DeliverStuck:
    """Looks again at documents that are stuck: another address, or eDelivery switched on, sets them going without an operator."""

    def __init__(self, documents: Documents, again: Callable[[Document], Awaitable[bool]]) -> None:
        self._documents, self._again = documents, again
        self._looked_at: StuckPlace | None = None

    async def of(self, insured: InsuredId) -> None:
        """Those of one person, of whom something has changed."""
        await self._delivered(await self._documents.stuck_of(insured))

    async def longest(self) -> Sequence[Document]:
        """Those that an operator sees first."""
        return await self._documents.stuck(after=None, limit=AT_ONCE)

    async def __call__(self) -> int:
        """The longest stuck, and at each call those behind them, in case nobody looked when something changed. Answers 0: that they wait is
        no defect to be repaired."""
        some = await self._documents.stuck(after=self._looked_at, limit=AT_ONCE)
        self._looked_at = _place_of(some[-1]) if len(some) == AT_ONCE else None
        await self._delivered(some)
        STUCK_DELIVERIES.set(await self._documents.how_many_are_stuck())
        return 0

    async def _delivered(self, documents: Sequence[Document]) -> None:
        for document in documents:
            if await self._again(document):
                await self._save(document)

    async def _save(self, document: Document) -> None:
        try:
            await self._documents.save(document)
        except VersionConflict:  # it moved meanwhile: whoever moved it decided as late as this, or the next look does
            return
        log.info("a stuck document is delivered again", document=str(document.id), channel_rule=document.last.decision.rule.name)


def _place_of(document: Document) -> StuckPlace:
    assert document.stuck_since is not None
    return document.stuck_since, DocumentId(document.id)
