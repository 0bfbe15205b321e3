from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import DocumentId, DocumentType, Locale
from espace_documents.api.pdf import PDF_RESPONSES, pdf_answer
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.document import Document
from espace_kernel.access import Insured
from espace_kernel.problems import NotFound


class DocumentView(BaseModel):
    """A document as its recipient sees it."""

    id: UUID
    type: DocumentType = Field(description="the permanent code of this kind of document")
    title: str = Field(description="the document's subject, in its language")
    reference: str = Field(description="the short name printed on the document, to quote to the fund")
    locale: Locale = Field(description="the language the document is written in, by ISO 639-1")
    procedure: UUID = Field(description="the procedure that led to it")
    pages: int
    size: int = Field(description="bytes of the PDF")
    sha256: str = Field(description="SHA-256 of the PDF, in lower-case hexadecimal")
    available_at: datetime = Field(description="since when it lies in the eSpace")
    first_opened_at: datetime | None = Field(description="when its PDF was first asked for; null while it is unread")
    downloaded_at: datetime | None = Field(description="when its PDF first went out whole; null before")

    @classmethod
    def of(cls, document: Document) -> Self:
        """What of a document is shown."""
        assert document.available_at is not None
        return cls(
            id=document.id,
            type=document.type,
            title=document.pdf.title,
            reference=document.reference,
            locale=document.locale,
            procedure=document.source.procedure,
            pages=document.pdf.pages,
            size=document.pdf.size,
            sha256=document.pdf.sha256,
            available_at=document.available_at,
            first_opened_at=document.first_opened_at,
            downloaded_at=document.downloaded_at,
        )


class DocumentList(BaseModel):
    """What a person received by eDelivery."""

    documents: list[DocumentView] = Field(description="newest first")


NO_SUCH_DOCUMENT = {"description": "Problem not-found: no such document in this person's eSpace"}


def routes(do: UseCases) -> APIRouter:
    """My documents."""
    router = APIRouter(prefix="/api/v1/documents", tags=["My documents"])

    @router.get("", operation_id="listDocuments", summary="List the documents received by eDelivery")
    async def list_documents(
        insured: Insured, only: Annotated[DocumentType | None, Query(alias="type", description="only documents of this kind")] = None
    ) -> DocumentList:
        return DocumentList(documents=[DocumentView.of(document) for document in await do.list_documents(insured, only)])

    @router.get("/{document}", operation_id="getDocument", summary="Describe one document", responses={404: NO_SUCH_DOCUMENT})
    async def get_document(document: UUID, insured: Insured) -> DocumentView:
        found = await do.get_document(DocumentId(document), insured)
        if found is None:
            raise NotFound("document")
        return DocumentView.of(found)

    @router.get(
        "/{document}/pdf",
        operation_id="downloadDocument",
        summary="Open or download the PDF",
        response_class=StreamingResponse,
        responses={**PDF_RESPONSES, 404: NO_SUCH_DOCUMENT},
    )
    async def open_pdf(document: UUID, insured: Insured) -> StreamingResponse:
        return await pdf_answer(do.open_pdf(DocumentId(document), insured), "document")

    return router
