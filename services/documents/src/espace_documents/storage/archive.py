from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from uuid import UUID

from espace_documents.app.ports import ArchiveDamaged
from espace_documents.domain.document import Document
from espace_kernel.blobs import Altered, Blobs
from espace_kernel.logs import logger

log = logger()


class BlobArchive:
    """The documents' files, kept by the kernel's blobs."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self.delete = blobs.delete

    async def put(self, pdf: bytes) -> UUID:
        """Store a file; its id."""
        return (await self._blobs.put(pdf, "application/pdf")).id

    async def open(self, document: Document) -> AsyncIterator[bytes]:
        """The document's file, piece by piece. Raises ArchiveDamaged, before any piece where that can be known."""
        pieces = self._proven(document)
        return _joined(await anext(pieces), pieces)

    async def older_than(self, moment: datetime) -> Iterable[UUID]:
        """The ids of the files stored before this moment."""
        return await self._blobs.older_than(moment)

    async def _proven(self, document: Document) -> AsyncIterator[bytes]:
        try:
            async for piece in self._blobs.stream(document.pdf.blob):
                yield piece
        except (Altered, KeyError) as damage:
            log.error("an archived document is damaged", document=str(document.id), kind=type(damage).__name__)
            raise ArchiveDamaged from damage


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
