from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import DocumentId, DocumentType, Locale
from espace_documents.api.pdf import PDF_RESPONSES, WhoOpens, pdf_answer
from espace_documents.app.list_documents import Page, UnknownPlace
from espace_documents.app.show_document import Shown
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.document import OpenedBy
from espace_documents.domain.selection import Selection
from espace_documents.domain.words import words_of
from espace_kernel.access import Insured
from espace_kernel.conditional import UNCHANGED, ConditionalRoute
from espace_kernel.problems import NotFound, Problem


class DocumentView(BaseModel):
    """A document as its recipient sees it."""

    id: UUID
    type: DocumentType = Field(description="the permanent code of this kind of document")
    title: str = Field(description="the document's subject, in its language")
    reference: str = Field(description="the short name printed on the document, to quote to the fund", examples=["D-7F3K-2M9Q-XB4A"])
    locale: Locale = Field(description="the language the document is written in, by ISO 639-1")
    procedure: UUID | None = Field(description="the procedure that led to it; null when a benefit did")
    pages: int
    size: int = Field(description="bytes of the PDF")
    sha256: str = Field(description="SHA-256 of the PDF, in lower-case hexadecimal")
    available_at: datetime = Field(description="since when it lies in the eSpace")
    unread: bool = Field(description="true until its PDF is first asked for; nothing else marks a document as read")
    first_opened_at: datetime | None = Field(
        description="when its PDF was first asked for, alone or in a ZIP; null while it is unread", examples=[None]
    )
    first_opened_by: OpenedBy | None = Field(
        description="whose act that was: the person's own (`self`), or that of somebody who holds a mandate of theirs (`mandate`)",
        examples=[None],
    )
    downloaded_at: datetime | None = Field(description="when its PDF first went out whole; null before", examples=[None])
    archived_at: datetime | None = Field(description="when the person put it away; null while it is in the list", examples=[None])
    withdrawn_at: datetime | None = Field(description="since when the fund no longer stands by it; null while it does", examples=[None])
    replaced_by: UUID | None = Field(
        description="the document in this eSpace that holds in its place; null when there is none", examples=[None]
    )

    @classmethod
    def of(cls, shown: Shown) -> Self:
        """What of a document is shown."""
        document = shown.document
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
            unread=document.unread,
            first_opened_at=document.first_opened_at,
            first_opened_by=document.first_opened_by,
            downloaded_at=document.downloaded_at,
            archived_at=document.archived_at,
            withdrawn_at=document.withdrawn_at,
            replaced_by=shown.replaced_by,
        )


class DocumentList(BaseModel):
    """What a person received by eDelivery, or a part of it."""

    documents: list[DocumentView] = Field(description="newest first")
    next_cursor: str | None = Field(description="goes into `cursor` for those that follow; null when these are the last")
    unread_count: int = Field(description="how many are unread of all that were not put away, whatever was asked for", examples=[2])

    @classmethod
    def of(cls, page: Page) -> Self:
        """A page as it is answered."""
        return cls(
            documents=[DocumentView.of(shown) for shown in page.documents],
            next_cursor=str(page.goes_on_after) if page.goes_on_after else None,
            unread_count=page.unread,
        )


_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
"""Days that a calendar offers; beyond them lie such as a store cannot hold."""


class Wanted(BaseModel):
    """Which part of the list."""

    type: list[DocumentType] = Field([], description="only documents of these kinds")
    first: date | None = Field(
        None, alias="from", ge=_FIRST_DAY, le=_LAST_DAY, description="only those available since this day, as days are in Luxembourg"
    )
    last: date | None = Field(None, alias="to", ge=_FIRST_DAY, le=_LAST_DAY, description="only those available up to this day, included")
    unread: bool = Field(False, description="true: only those that are unread")
    archived: bool = Field(False, description="true: only those that were put away; false: only those that were not")
    q: str = Field(
        "",
        max_length=100,
        description="only those in whose title or reference each of these words begins a word, whatever the accents and capitals",
        examples=["remboursement"],
    )
    cursor: UUID | None = Field(None, description="the `next_cursor` of the part before, asked for in the same way")
    limit: int = Field(50, ge=1, le=100, description="at most so many")

    @property
    def selection(self) -> Selection:
        """Which documents it asks for, on whatever part of the list."""
        return Selection(
            types=frozenset(self.type),
            first_day=self.first,
            last_day=self.last,
            unread=self.unread,
            archived=self.archived,
            words=words_of(self.q),
        )


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
            page = await do.list_documents(insured, wanted.selection, after=after, limit=wanted.limit)
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
        found = await do.show_document(DocumentId(document), insured)
        if found is None:
            raise NotFound("document")
        return DocumentView.of(found)

    @router.get(
        "/{document}/pdf",
        operation_id="downloadDocument",
        summary="Open or download the PDF",
        description="That it was opened, by whom and when first, is a fact from which law may follow.",
        response_class=StreamingResponse,
        responses={**PDF_RESPONSES, 404: NO_SUCH_DOCUMENT},
    )
    async def open_pdf(document: UUID, insured: Insured, by: WhoOpens) -> StreamingResponse:
        return await pdf_answer(do.open_pdf(DocumentId(document), insured, by), "document")

    return router
