from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import DocumentId, DocumentType, Locale
from espace_documents.api.pdf import PDF_RESPONSES, pdf_answer
from espace_documents.app.list_documents import Page, UnknownPlace
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.document import Document
from espace_kernel.access import Insured
from espace_kernel.conditional import UNCHANGED, ConditionalRoute
from espace_kernel.problems import NotFound, Problem


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
    """What a person received by eDelivery, or a part of it."""

    documents: list[DocumentView] = Field(description="newest first")
    next_cursor: str | None = Field(description="goes into `cursor` for those that follow; null when these are the last")

    @classmethod
    def of(cls, page: Page) -> Self:
        """A page as it is answered."""
        return cls(
            documents=[DocumentView.of(document) for document in page.documents],
            next_cursor=str(page.goes_on_after) if page.goes_on_after else None,
        )


class Wanted(BaseModel):
    """Which part of the list."""

    type: DocumentType | None = Field(None, description="only documents of this kind")
    cursor: UUID | None = Field(None, description="the `next_cursor` of the part before")
    limit: int = Field(50, ge=1, le=100, description="at most so many")


NO_SUCH_DOCUMENT = {"description": "Problem not-found: no such document in this person's eSpace"}


def routes(do: UseCases) -> APIRouter:
    """My documents."""
    router = APIRouter(prefix="/api/v1/documents", tags=["My documents"], route_class=ConditionalRoute)

    @router.get(
        "",
        operation_id="listDocuments",
        summary="List the documents received by eDelivery",
        responses={**UNCHANGED, 422: {"description": "Problem unknown-cursor: the cursor is none of this list's"}},
    )
    async def list_documents(insured: Insured, wanted: Annotated[Wanted, Query()]) -> DocumentList:
        after = DocumentId(wanted.cursor) if wanted.cursor else None
        try:
            page = await do.list_documents(insured, wanted.type, after=after, limit=wanted.limit)
        except UnknownPlace:
            raise Problem(
                422, "unknown-cursor", "The list cannot go on from this cursor. Ask for it without a cursor to begin at the newest."
            ) from None
        return DocumentList.of(page)

    @router.get(
        "/{document}",
        operation_id="getDocument",
        summary="Describe one document",
        responses={**UNCHANGED, 404: NO_SUCH_DOCUMENT},
    )
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
