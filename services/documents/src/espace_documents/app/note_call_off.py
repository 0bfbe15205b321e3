from __future__ import annotations

from datetime import datetime

from espace_contracts.vocabulary import LetterId
from espace_documents.app.asked_for import document_that_asked_for
from espace_documents.app.noted import noted
from espace_documents.app.ports import Documents


class NoteCallOff:
    """A letter that had not left yet never will."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def __call__(self, letter: LetterId, reason: str, at: datetime) -> None:
        """Keep the fact once. `reason` is a code. Raises NeverWorks for a letter that no document asked for."""
        document = await document_that_asked_for(letter, self._documents)
        await noted(self._documents, document, lambda kept: kept.note_of_letter(letter, lambda delivery: delivery.called_off(reason, at)))
