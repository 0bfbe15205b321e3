from __future__ import annotations

from espace_contracts.vocabulary import LetterId
from espace_documents.app.ports import Documents
from espace_documents.domain.document import Document
from espace_kernel.outcomes import NeverWorks


async def document_that_asked_for(letter: LetterId, documents: Documents) -> Document:
    """The document this letter brings. Raises NeverWorks when there is none: documents are stored before their letters are told."""
    document = await documents.by_letter(letter)
    if document is None:
        raise NeverWorks("No document here asked for this letter. Find out from notifications where the letter comes from.")
    return document
