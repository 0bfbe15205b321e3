from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from espace_contracts.vocabulary import DocumentId
from espace_documents.api.documents import NO_SUCH_DOCUMENT
from espace_documents.app.use_cases import UseCases
from espace_kernel.access import Insured
from espace_kernel.problems import NotFound


def routes(do: UseCases) -> APIRouter:
    """What a person keeps in the list of their documents, and what they put away."""
    router = APIRouter(prefix="/api/v1/documents/{document}/archive", tags=["My documents"])

    async def sort(document: UUID, insured: Insured, *, archived: bool) -> None:
        if not await do.archive_document(DocumentId(document), insured, archived=archived):
            raise NotFound("document")

    @router.put(
        "",
        operation_id="archiveDocument",
        summary="Put a document away",
        description="The list shows it only when asked for what was put away. Nothing is deleted; to repeat it changes nothing.",
        status_code=204,
        responses={404: NO_SUCH_DOCUMENT},
    )
    async def archive(document: UUID, insured: Insured) -> None:
        await sort(document, insured, archived=True)

    @router.delete(
        "",
        operation_id="takeBackDocument",
        summary="Take a document back into the list",
        description="To repeat it changes nothing.",
        status_code=204,
        responses={404: NO_SUCH_DOCUMENT},
    )
    async def take_back(document: UUID, insured: Insured) -> None:
        await sort(document, insured, archived=False)

    return router
