from __future__ import annotations

from espace_contracts.vocabulary import DocumentId
from espace_documents.app.ports import Clock, Documents


class WithdrawDocument:
    """The fund no longer stands by a document that it issued, or issued another in its place."""

    def __init__(self, documents: Documents, now: Clock) -> None:
        self._documents, self._now = documents, now

    async def __call__(self, document_id: DocumentId, replaced_by: DocumentId | None) -> bool:
        """False when one of the two is not there. What was withdrawn before stays as it was."""
        document = await self._documents.get(document_id)
        if document is None or (replaced_by is not None and await self._documents.get(replaced_by) is None):
            return False
        if document.withdraw(self._now(), replaced_by):
            await self._documents.save(document)
        return True
