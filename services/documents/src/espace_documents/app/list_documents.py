from __future__ import annotations

from collections.abc import Sequence

from espace_contracts.vocabulary import DocumentType, InsuredId
from espace_documents.app.ports import Documents
from espace_documents.domain.document import Document


class ListDocuments:
    """What a person finds under "My documents"."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def __call__(self, insured: InsuredId, only: DocumentType | None) -> Sequence[Document]:
        """What the person received by eDelivery, newest first; of one type, if `only` names it."""
        received = await self._documents.in_espace_of(insured)
        return [document for document in received if only in (None, document.type)]
