from __future__ import annotations

from dataclasses import dataclass

from espace_contracts.vocabulary import LetterId
from espace_documents.app.ports import Documents, Recipients
from espace_documents.domain.document import Document, NoMore
from espace_documents.domain.recipient import Recipient


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, the document that it brings, and its recipient as the fund's file says now."""

    id: LetterId
    document: Document
    recipient: Recipient | None


class NotToBePosted(Exception):
    """The letter must not leave the house, now or later."""

    def __init__(self, why: NoMore) -> None:
        super().__init__(why)
        self.why = why


class GetLetter:
    """What the printing of a letter needs to know."""

    def __init__(self, documents: Documents, recipients: Recipients) -> None:
        self._documents, self._recipients = documents, recipients

    async def __call__(self, letter: LetterId) -> Letter | None:
        """None when no document asked for this letter. Raises NotToBePosted."""
        document = await self._documents.by_letter(letter)
        if document is None:
            return None
        if why := document.no_more:
            raise NotToBePosted(why)
        return Letter(letter, document, await self._recipients.get(document.insured))
