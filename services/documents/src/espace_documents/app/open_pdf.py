from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.app.noted import noted
from espace_documents.app.ports import Archive, ArchiveDamaged, Clock, Documents, RecipientErased
from espace_documents.domain.document import Document, OpenedBy


@dataclass(frozen=True, slots=True)
class OpenedPdf:
    """A document and its file, piece by piece. The last piece comes once the hash is proven."""

    document: Document
    pieces: AsyncIterator[bytes]


class OpenPdf:
    """The person reads a document, or who holds their mandate does: that it was opened, by whom, and that it went out whole are facts."""

    def __init__(
        self, get: Callable[[DocumentId, InsuredId], Awaitable[Document | None]], documents: Documents, archive: Archive, now: Clock
    ) -> None:
        self._get, self._documents, self._archive, self._now = get, documents, archive, now

    async def __call__(self, document_id: DocumentId, insured: InsuredId, by: OpenedBy) -> OpenedPdf | None:
        """None as get_document. Raises ArchiveLocked, and ArchiveDamaged at once or with a later piece."""
        document = await self._get(document_id, insured)
        if document is None:
            return None
        try:
            pieces = await self._archive.open(document)
        except RecipientErased:
            return None
        await self._note_opening(document, by)
        return OpenedPdf(document, self._to_the_last(pieces, document))

    async def whole(self, document: Document, by: OpenedBy) -> AsyncIterator[bytes]:
        """The file of a document that was looked up for its recipient, as one piece: opened once it is known to be whole, and downloaded
        when it is gone on from there. Raises ArchiveDamaged, ArchiveLocked, RecipientErased."""
        pdf = b"".join([piece async for piece in await self._archive.open(document)])
        if len(pdf) != document.pdf.size:
            raise ArchiveDamaged
        await self._note_opening(document, by)
        yield pdf
        await self._note_download(document)

    async def _to_the_last(self, pieces: AsyncIterator[bytes], document: Document) -> AsyncIterator[bytes]:
        async for piece in pieces:
            yield piece
        await self._note_download(document)

    async def _note_opening(self, document: Document, by: OpenedBy) -> None:
        await noted(self._documents, document, lambda opened: opened.note_opening(self._now(), by))

    async def _note_download(self, document: Document) -> None:
        stored = await self._documents.get(DocumentId(document.id))
        await noted(self._documents, stored, lambda sent: sent.note_download(self._now()))
