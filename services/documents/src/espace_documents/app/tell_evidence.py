from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from espace_contracts.vocabulary import DocumentId, InsuredId, Locale
from espace_documents.app.list_documents import UnknownPlace
from espace_documents.app.ports import Documents, Recipients
from espace_documents.domain.document import Document


@dataclass(frozen=True, slots=True)
class Traced:
    """Documents with what became of them, for a person who reads this language. `goes_on_after` is the last when more are behind it."""

    documents: Sequence[Document]
    locale: Locale
    goes_on_after: DocumentId | None = None


class TellEvidence:
    """What became of a person's documents, by whichever channel they went. Of those that went by post, the file is on paper alone."""

    def __init__(self, documents: Documents, recipients: Recipients) -> None:
        self._documents, self._recipients = documents, recipients

    async def __call__(self, document_id: DocumentId, insured: InsuredId) -> Traced | None:
        """Of one document. None for what is not there, is another person's, or was erased."""
        document = await self._documents.get(document_id)
        if document is None or document.insured != insured or document.erased_at:
            return None
        return Traced([document], await self._locale_of(insured, document.locale))

    async def all_of(self, insured: InsuredId, *, after: DocumentId | None, limit: int) -> Traced:
        """At most `limit` of all, newest order first, those behind `after`. Raises UnknownPlace when that is no document of theirs."""
        place = await self(after, insured) if after is not None else None
        if after is not None and place is None:
            raise UnknownPlace
        found = await self._documents.sent_to(insured, after=place.documents[0] if place else None, limit=limit + 1)
        locale = await self._locale_of(insured, Locale.FRENCH)
        return Traced(found[:limit], locale, DocumentId(found[limit - 1].id) if len(found) > limit else None)

    async def _locale_of(self, insured: InsuredId, otherwise: Locale) -> Locale:
        recipient = await self._recipients.get(insured)
        return recipient.locale if recipient else otherwise
