from __future__ import annotations

from collections.abc import Awaitable, Callable

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.app.noted import noted
from espace_documents.app.ports import Clock, Documents
from espace_documents.domain.document import Document


class ArchiveDocument:
    """A person puts a document away, or takes it back into their list. It is their sorting alone: nothing is deleted, opened or told."""

    def __init__(self, get: Callable[[DocumentId, InsuredId], Awaitable[Document | None]], documents: Documents, now: Clock) -> None:
        self._get, self._documents, self._now = get, documents, now

    async def __call__(self, document_id: DocumentId, insured: InsuredId, *, archived: bool) -> bool:
        """False when there is no such document in this person's eSpace. What is so already stays so."""
        document = await self._get(document_id, insured)
        if document is None:
            return False
        await noted(self._documents, document, lambda sorted_: sorted_.put_away(self._now()) if archived else sorted_.take_back())
        return True
