from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from prometheus_client import Gauge

from espace_contracts.vocabulary import InsuredId
from espace_documents.app.ports import Documents
from espace_documents.domain.document import Document
from espace_kernel.logs import logger
from espace_kernel.outcomes import VersionConflict

log = logger()

STUCK_DELIVERIES = Gauge("espace_stuck_deliveries", "Documents that did not reach their recipient, and wait for an operator")


class DeliverStuck:
    """Looks again at documents that are stuck: another address, or eDelivery switched on, sets them going without an operator."""

    def __init__(self, documents: Documents, again: Callable[[Document], Awaitable[bool]]) -> None:
        self._documents, self._again = documents, again

    async def of(self, insured: InsuredId) -> None:
        """Those of one person, of whom something has changed."""
        await self._delivered(await self._documents.stuck(insured))

    async def __call__(self) -> int:
        """All of them, in case nobody looked when something changed. Answers 0: that they wait is no defect to be repaired."""
        waiting = await self._documents.stuck()
        STUCK_DELIVERIES.set(len(waiting) - await self._delivered(waiting))
        return 0

    async def _delivered(self, documents: Sequence[Document]) -> int:
        return sum([await self._delivers(document) for document in documents])

    async def _delivers(self, document: Document) -> bool:
        if not await self._again(document):
            return False
        try:
            await self._documents.save(document)
        except VersionConflict:  # it moved meanwhile: whoever moved it decided as late as this, or the next look does
            return False
        log.info("a stuck document is delivered again", document=str(document.id), channel_rule=document.last.decision.rule.name)
        return True
