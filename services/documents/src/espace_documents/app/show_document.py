from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.domain.document import Document


@dataclass(frozen=True, slots=True)
class Shown:
    """A document as its recipient sees it. `replaced_by`: the one in its place, if that lies in the same eSpace.

    It may be another person's: when the fund had sent the document to the wrong one, for example.
    """

    document: Document
    replaced_by: DocumentId | None


class ShowDocument:
    """A person looks at what a document of theirs is, and at what became of it. That opens nothing."""

    def __init__(self, get: Callable[[DocumentId, InsuredId], Awaitable[Document | None]]) -> None:
        self._get = get

    async def __call__(self, document_id: DocumentId, insured: InsuredId) -> Shown | None:
        """None as get_document."""
        document = await self._get(document_id, insured)
        return await self.to_its_recipient(document) if document else None

    async def to_its_recipient(self, document: Document) -> Shown:
        """The same for a document that was looked up for its recipient."""
        other = document.replaced_by
        theirs = other is not None and await self._get(other, document.insured) is not None
        return Shown(document, other if theirs else None)
