from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from espace_contracts.vocabulary import DocumentId, DocumentType, InsuredId
from espace_documents.app.ports import Documents
from espace_documents.domain.document import Document


class UnknownPlace(Exception):
    """The list is to go on after a document that it does not hold."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a person's list, newest first. `goes_on_after` is its last document when there are more behind it."""

    documents: Sequence[Document]
    goes_on_after: DocumentId | None


class ListDocuments:
    """What a person finds under "My documents"."""

    def __init__(self, get: Callable[[DocumentId, InsuredId], Awaitable[Document | None]], documents: Documents) -> None:
        self._get, self._documents = get, documents

    async def __call__(self, insured: InsuredId, only: DocumentType | None, *, after: DocumentId | None = None, limit: int = 50) -> Page:
        """At most `limit` of what the person received by eDelivery, those behind `after`; of one type, if `only` names it.

        Raises UnknownPlace when `after` is no document of this person's eSpace.
        """
        place = None
        if after is not None and (place := await self._get(after, insured)) is None:
            raise UnknownPlace
        found = await self._documents.in_espace_of(insured, only, after=place, limit=limit + 1)
        documents = found[:limit]
        return Page(documents, DocumentId(documents[-1].id) if len(found) > limit else None)
