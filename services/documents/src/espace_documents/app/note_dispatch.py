from __future__ import annotations

from datetime import datetime

from espace_contracts.vocabulary import LetterId
from espace_documents.app.asked_for import document_that_asked_for
from espace_documents.app.noted import noted
from espace_documents.app.ports import Documents


class NoteDispatch:
    """The printer gave a letter to the post."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def __call__(self, letter: LetterId, at: datetime) -> None:
        """Keep the fact once. Raises NeverWorks for a letter that no document asked for."""
        document = await document_that_asked_for(letter, self._documents)
        await noted(self._documents, document, lambda sent: sent.note_of_letter(letter, lambda delivery: delivery.dispatched(at)))
