from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.app.open_pdf import OpenPdf
from espace_documents.app.ports import RecipientErased
from espace_documents.domain.document import Document, OpenedBy


@dataclass(frozen=True, slots=True)
class WholePdf:
    """A document and its file, whose hash is proven."""

    document: Document
    pdf: bytes


@dataclass(frozen=True, slots=True)
class OpenedTogether:
    """Several documents, and their files one after the other: each is opened when its turn comes."""

    documents: Sequence[Document]
    files: AsyncIterator[WholePdf]


class OpenTogether:
    """A person takes several documents along at once. Each is opened once it is known to be whole: nothing goes out of one that is not."""

    def __init__(self, get: Callable[[DocumentId, InsuredId], Awaitable[Document | None]], open_pdf: OpenPdf) -> None:
        self._get, self._open_pdf = get, open_pdf

    async def __call__(self, document_ids: Sequence[DocumentId], insured: InsuredId, by: OpenedBy) -> OpenedTogether | None:
        """None when one of them is no document of this person's eSpace: then none was opened.

        Raises ArchiveLocked and ArchiveDamaged when it is the first file that cannot be read. The files raise them, and RecipientErased, at
        a later one: what came before it has gone out, and nothing comes after it.
        """
        documents = [document for document_id in document_ids if (document := await self._get(document_id, insured))]
        if len(documents) < len(document_ids):
            return None
        files = self._one_by_one(documents, by)
        try:
            return OpenedTogether(documents, _joined(await anext(files), files))
        except RecipientErased:
            return None

    async def _one_by_one(self, documents: Sequence[Document], by: OpenedBy) -> AsyncIterator[WholePdf]:
        for document in documents:
            async for pdf in self._open_pdf.whole(document, by):
                yield WholePdf(document, pdf)


async def _joined(first: WholePdf, others: AsyncIterator[WholePdf]) -> AsyncIterator[WholePdf]:
    yield first
    async for other in others:
        yield other
