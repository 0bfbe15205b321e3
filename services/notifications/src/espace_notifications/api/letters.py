from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import DocumentType, Locale
from espace_kernel.access import CallingService
from espace_kernel.problems import NotFound
from espace_notifications.app.use_cases import UseCases
from espace_notifications.domain.letter import Failure, Letter, LetterState


class LetterForOperators(BaseModel):
    """Where a letter is. Whose it is, is not told."""

    letter: UUID
    document: UUID
    document_type: DocumentType
    locale: Locale
    pages: int
    sha256: str = Field(description="of the PDF")
    size: int = Field(description="bytes")
    state: LetterState
    requested_at: datetime
    print_run: UUID | None = Field(description="the run that holds it; null while it waits")
    posted_at: datetime | None
    failure: Failure | None = Field(description="why it can never be posted as it is")
    runs_missed: int = Field(description="how many runs had to leave it out")
    problem: str | None = Field(description="why the last run left it out")
    waits_from: datetime = Field(description="from when on it waits for the next run")

    @classmethod
    def of(cls, letter: Letter) -> Self:
        """The letter as an operator reads it."""
        return cls.model_validate({**vars(letter), "letter": letter.id})


def routes(do: UseCases) -> APIRouter:
    """The addresses under /internal/letters."""
    router = APIRouter(prefix="/internal/letters", tags=["letters"])

    @router.get(
        "/{letter}",
        summary="Where a letter is",
        operation_id="getLetter",
        responses={
            401: {"description": "Not logged in"},
            403: {"description": "For services only"},
            404: {"description": "No such letter"},
        },
    )
    async def letter(letter: UUID, _caller: CallingService) -> LetterForOperators:
        found = await do.letter(letter)
        if found is None:
            raise NotFound("letter")
        return LetterForOperators.of(found)

    return router
