from __future__ import annotations

from collections.abc import Callable

from espace_contracts.vocabulary import DocumentId
from espace_documents.app.ports import Documents
from espace_documents.domain.document import Document
from espace_kernel.outcomes import VersionConflict


async def noted(documents: Documents, document: Document | None, note: Callable[[Document], bool]) -> None:
    """Store what `note` changes. When somebody else saved the document meanwhile, look again whether there is still something to note."""
    while document is not None and note(document):
        try:
            await documents.save(document)
        except VersionConflict:
            document = await documents.get(DocumentId(document.id))
        else:
            return
