from __future__ import annotations

from datetime import datetime

from espace_contracts.vocabulary import LetterId
from espace_documents.app.asked_for import document_that_asked_for
from espace_documents.app.ports import Documents
from espace_kernel.logs import logger

log = logger()


class NoteLetterFailure:
    """A letter cannot be posted as it is: an operator's task, so it is told in the log."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def __call__(self, letter: LetterId, reason: str, at: datetime) -> None:
        """Keep the fact once. `reason` is a code. Raises NeverWorks for a letter that no document asked for, VersionConflict."""
        document = await document_that_asked_for(letter, self._documents)
        if document.note_of_letter(letter, lambda delivery: delivery.failed(reason, at)):
            await self._documents.save(document)
            log.error("a letter cannot be posted", document=str(document.id), letter=str(letter), reason=reason)
