from __future__ import annotations

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import DocumentId, DocumentType, Locale
from espace_documents.app.use_cases import UseCases
from espace_documents.app.verify_document import Verified
from espace_documents.domain.finding import SENTENCES, Finding
from espace_documents.domain.reference import reference_of
from espace_kernel.access import CallingService
from espace_kernel.problems import NotFound

LONGEST_CODE = 400


class VerificationView(BaseModel):
    """What anybody may know of a document whose code they hold; nothing of it is personal."""

    finding: Finding = Field(description="genuine, unknown, withdrawn, or replaced by another document")
    sentences: dict[Locale, str] = Field(description="the finding as a person reads it, by language")
    type: DocumentType | None = Field(description="the kind of document; null when it is unknown")
    issued_on: date | None = Field(description="the date on the paper; null when it is unknown")
    reference: str | None = Field(description="the short name printed on the document; null when it is unknown")
    replaced_by: str | None = Field(description="the reference of the document that holds instead; null unless replaced")

    @classmethod
    def of(cls, verified: Verified) -> Self:
        """What of it is told."""
        document = verified.document
        return cls(
            finding=verified.finding,
            sentences=dict(SENTENCES[verified.finding]),
            type=document.type if document else None,
            issued_on=document.source.issued_on if document else None,
            reference=document.reference if document else None,
            replaced_by=reference_of(document.replaced_by) if document and document.replaced_by else None,
        )


class Withdrawal(BaseModel):
    """Why a document no longer holds."""

    replaced_by: UUID | None = Field(None, description="the document that holds instead; null when none does")


def routes(do: UseCases) -> APIRouter:
    """Verification, for whoever holds a document, and withdrawal, for the services."""
    router = APIRouter()

    @router.get(
        "/api/v1/verifications/{code}",
        tags=["Verification"],
        operation_id="verifyDocument",
        summary="Tell whether the fund issued a document and stands by it; no login",
    )
    async def verify_document(
        code: Annotated[str, Path(max_length=LONGEST_CODE, description="the text of the QR code on the document")], answer: Response
    ) -> VerificationView:
        answer.headers["Cache-Control"] = "no-store"
        return VerificationView.of(await do.verify_document(code))

    @router.put(
        "/internal/documents/{document}/withdrawal",
        tags=["Verification"],
        operation_id="withdrawDocument",
        summary="Withdraw a document, or replace it by another",
        status_code=204,
        responses={404: {"description": "Problem not-found: there is no such document, or none that replaces it"}},
    )
    async def withdraw_document(document: UUID, withdrawal: Withdrawal, _service: CallingService) -> None:
        replaced_by = DocumentId(withdrawal.replaced_by) if withdrawal.replaced_by else None
        if not await do.withdraw_document(DocumentId(document), replaced_by):
            raise NotFound("document")

    return router
