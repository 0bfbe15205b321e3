from __future__ import annotations

from espace_contracts.vocabulary import LetterId
from espace_documents.app.get_letter import NotToBePosted
from espace_documents.app.open_pdf import OpenedPdf
from espace_documents.app.ports import Archive, Documents, RecipientErased
from espace_documents.domain.document import NoMore


class OpenLetter:
    """The file of a letter, for the printer. The recipient has not opened anything by that."""

    def __init__(self, documents: Documents, archive: Archive) -> None:
        self._documents, self._archive = documents, archive

    async def __call__(self, letter: LetterId) -> OpenedPdf | None:
        """None when no document asked for this letter.

        Raises NotToBePosted and ArchiveLocked, and ArchiveDamaged at once or with a later piece.
        """
        document = await self._documents.by_letter(letter)
        if document is None:
            return None
        if why := document.no_more:
            raise NotToBePosted(why)
        try:
            return OpenedPdf(document, await self._archive.open(document))
        except RecipientErased:
            raise NotToBePosted(NoMore.RECIPIENT_ERASED) from None
