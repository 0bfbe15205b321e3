from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import DocumentType, LetterId, Locale
from espace_documents.api.pdf import PDF_RESPONSES, pdf_answer
from espace_documents.app.get_letter import Letter, NotToBePosted
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.document import NoMore
from espace_documents.domain.recipient import Recipient
from espace_kernel.access import CallingService
from espace_kernel.outcomes import NeverWorks, RetryLater
from espace_kernel.problems import NotFound, Problem


class AddresseeView(BaseModel):
    """Where the post finds the recipient, by the fund's file as it is now."""

    name: str
    lines: tuple[str, ...] = Field(description="the address as it is printed, without name and country")
    country: str = Field(description="ISO 3166-1 alpha-2")

    @classmethod
    def of(cls, recipient: Recipient | None) -> AddresseeView | None:
        """None when the fund knows no usable address."""
        if recipient is None or recipient.address is None:
            return None
        return cls(name=recipient.name, lines=recipient.address.lines, country=recipient.address.country)


class LetterView(BaseModel):
    """What is needed to print a letter."""

    letter: UUID
    document: UUID
    document_type: DocumentType
    locale: Locale = Field(description="the language of the document, by ISO 639-1")
    reference: str = Field(description="the short name printed on the document")
    pages: int
    sha256: str = Field(description="SHA-256 of the PDF, in lower-case hexadecimal")
    size: int = Field(description="bytes of the PDF")
    addressee: AddresseeView | None = Field(description="null when the fund knows no usable address")

    @classmethod
    def of(cls, letter: Letter) -> Self:
        """What of a letter the printing needs."""
        document = letter.document
        return cls(
            letter=letter.id,
            document=document.id,
            document_type=document.type,
            locale=document.locale,
            reference=document.reference,
            pages=document.pdf.pages,
            sha256=document.pdf.sha256,
            size=document.pdf.size,
            addressee=AddresseeView.of(letter.recipient),
        )


NO_LETTER: dict[int | str, dict[str, Any]] = {
    404: {"description": "Problem not-found: no document asked for this letter, or its recipient has no usable address for a sheet"},
    410: {"description": "Problem document-withdrawn or recipient-erased: the letter must not be posted, now or later"},
}

_WHY = {
    NoMore.DOCUMENT_WITHDRAWN: "The fund withdrew the document, so this letter must not be posted any more. Leave it out for good.",
    NoMore.RECIPIENT_ERASED: "The recipient was erased, and the letter with them. Leave it out for good.",
}


@contextmanager
def _told_for_good() -> Iterator[None]:
    """What must not be posted any more is gone, whoever asks; what is not there may come."""
    try:
        yield
    except NotToBePosted as gone:
        raise Problem(410, gone.why.value, _WHY[gone.why]) from None


def routes(do: UseCases) -> APIRouter:
    """Letters, for the services that post them."""
    router = APIRouter(prefix="/internal/letters", tags=["Letters"])

    @router.get("/{letter}", operation_id="getLetter", summary="Describe a letter", responses=NO_LETTER)
    async def get_letter(letter: UUID, _service: CallingService) -> LetterView:
        with _told_for_good():
            found = await do.get_letter(LetterId(letter))
        if found is None:
            raise NotFound("letter")
        return LetterView.of(found)

    @router.get(
        "/{letter}/pdf",
        operation_id="downloadLetter",
        summary="Download the PDF of a letter",
        response_class=StreamingResponse,
        responses={**PDF_RESPONSES, **NO_LETTER},
    )
    async def open_letter(letter: UUID, _service: CallingService) -> StreamingResponse:
        with _told_for_good():
            return await pdf_answer(do.open_letter(LetterId(letter)), "letter")

    @router.get(
        "/{letter}/address-sheet",
        operation_id="typesetAddressSheet",
        summary="Typeset the sheet that shows the letter's address",
        response_class=Response,
        responses={
            200: {"description": "The sheet, as a PDF", "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
            **NO_LETTER,
            500: {"description": "Problem address-unprintable: the address on file cannot be printed"},
            503: {"description": "Problem typesetting-interrupted: ask again"},
        },
    )
    async def typeset_address_sheet(letter: UUID, _service: CallingService) -> Response:
        try:
            with _told_for_good():
                sheet = await do.typeset_address_sheet(LetterId(letter))
        except RetryLater:
            raise Problem(503, "typesetting-interrupted", "The sheet could not be typeset now. Ask again in a moment.") from None
        except NeverWorks:
            raise Problem(500, "address-unprintable", "The address on file cannot be printed. Have the fund correct it.") from None
        if sheet is None:
            raise NotFound("letter with an address")
        return Response(sheet, media_type="application/pdf", headers={"Cache-Control": "no-store"})

    return router
