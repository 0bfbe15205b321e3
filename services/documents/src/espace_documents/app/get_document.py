from __future__ import annotations

from espace_contracts.vocabulary import Channel, DocumentId, InsuredId
from espace_documents.app.ports import Documents
from espace_documents.domain.document import Document


class GetDocument:
    """One document of a person's eSpace. Looking at what it is opens nothing."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def __call__(self, document_id: DocumentId, insured: InsuredId) -> Document | None:
        """None for what is not there, is another person's, went by post, or was erased: the caller cannot tell these apart."""
        document = await self._documents.get(document_id)
        if document is None or document.insured != insured or document.channel is not Channel.EDELIVERY or document.erased_at:
            return None
        return document
