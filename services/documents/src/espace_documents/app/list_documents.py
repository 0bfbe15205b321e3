from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.app.ports import Documents
from espace_documents.app.show_document import ShowDocument, Shown
from espace_documents.domain.document import Document
from espace_documents.domain.selection import Selection


class UnknownPlace(Exception):
    """The list is to go on after a document that it does not hold."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a person's list, newest first. `goes_on_after` is its last document when there are more behind it.

    `unread`: how many nobody opened yet, of all that the person did not put away.
    """

    documents: Sequence[Shown]
    goes_on_after: DocumentId | None
    unread: int


class ListDocuments:
    """What a person finds under "My documents"."""

    def __init__(
        self, get: Callable[[DocumentId, InsuredId], Awaitable[Document | None]], documents: Documents, show: ShowDocument
    ) -> None:
        self._get, self._documents, self._show = get, documents, show

    async def __call__(self, insured: InsuredId, selection: Selection, *, after: DocumentId | None = None, limit: int = 50) -> Page:
        """At most `limit` of the selected ones among what the person received by eDelivery, those behind `after`.

        `after` need not be selected itself: it may have been opened or put away since it was listed. Raises UnknownPlace when it is no
        document of this person's eSpace.
        """
        place = None
        if after is not None and (place := await self._get(after, insured)) is None:
            raise UnknownPlace
        found = await self._documents.in_espace_of(insured, selection, after=place, limit=limit + 1)
        documents = [await self._show.to_its_recipient(document) for document in found[:limit]]
        last = DocumentId(documents[-1].document.id) if len(found) > limit else None
        return Page(documents, last, await self._documents.unread_in_espace_of(insured))
