from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.app.ports import Archive, Clock, Documents
from espace_documents.domain.document import Document
from espace_kernel.outcomes import VersionConflict


@dataclass(frozen=True, slots=True)
class OpenedPdf:
    """A document and its file, piece by piece. The last piece comes once the hash is proven."""

    document: Document
    pieces: AsyncIterator[bytes]


class OpenPdf:
    """The person reads a document: that they opened it, and that they have it whole, are facts."""

    def __init__(
        self, get: Callable[[DocumentId, InsuredId], Awaitable[Document | None]], documents: Documents, archive: Archive, now: Clock
    ) -> None:
        self._get, self._documents, self._archive, self._now = get, documents, archive, now

    async def __call__(self, document_id: DocumentId, insured: InsuredId) -> OpenedPdf | None:
        """None as get_document. Raises ArchiveDamaged, at once or with a later piece."""
        document = await self._get(document_id, insured)
        if document is None:
            return None
        pieces = await self._archive.open(document)
        await self._keep(document, Document.note_opening)
        return OpenedPdf(document, self._to_the_last(pieces, document_id))

    async def _to_the_last(self, pieces: AsyncIterator[bytes], document_id: DocumentId) -> AsyncIterator[bytes]:
        async for piece in pieces:
            yield piece
        await self._keep(await self._documents.get(document_id), Document.note_download)

    async def _keep(self, document: Document | None, note: Callable[[Document, datetime], bool]) -> None:
        """Note a fact; when somebody else saved the document meanwhile, look again whether it is still to be noted."""
        while document is not None and note(document, self._now()):
            try:
                await self._documents.save(document)
            except VersionConflict:
                document = await self._documents.get(DocumentId(document.id))
