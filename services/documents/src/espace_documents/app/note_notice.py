from __future__ import annotations

from collections.abc import Callable

from espace_contracts.vocabulary import DocumentId
from espace_documents.app.noted import noted
from espace_documents.app.ports import Documents
from espace_documents.domain.document import Document
from espace_kernel.outcomes import NeverWorks


class NoteNotice:
    """What became of a notice that a document waits in the eSpace: it left, or it came back."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def __call__(self, document_id: DocumentId, note: Callable[[Document], bool]) -> None:
        """Keep the fact once. Raises NeverWorks for a document that is not here: it is stored before it is told."""
        document = await self._documents.get(document_id)
        if document is None:
            raise NeverWorks("There is no document here that this notice could be about. Find out from notifications where it comes from.")
        await noted(self._documents, document, note)
