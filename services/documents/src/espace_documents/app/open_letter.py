from __future__ import annotations

from espace_contracts.vocabulary import LetterId
from espace_documents.app.open_pdf import OpenedPdf
from espace_documents.app.ports import Archive, Documents


class OpenLetter:
    """The file of a letter, for the printer. The recipient has not opened anything by that."""

    def __init__(self, documents: Documents, archive: Archive) -> None:
        self._documents, self._archive = documents, archive

    async def __call__(self, letter: LetterId) -> OpenedPdf | None:
        """None when no document asked for this letter. Raises ArchiveDamaged, at once or with a later piece."""
        document = await self._documents.by_letter(letter)
        return None if document is None else OpenedPdf(document, await self._archive.open(document))
