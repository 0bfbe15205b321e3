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
from espace_notifications.domain.letter import CallOff, Failure, Letter, LetterState, ReturnReason


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
    dispatched_at: datetime | None = Field(description="when the printer gave it to the post")
    returned_at: datetime | None = Field(description="when the post brought it back")
    return_reason: ReturnReason | None
    failure: Failure | None = Field(description="why it cannot be posted as it is and is held")
    held_since: datetime | None
    called_off: CallOff | None = Field(description="why it is not to be posted any more; nobody has to act")
    called_off_at: datetime | None
    runs_missed: int = Field(description="how many runs had to leave it out")
    problem: str | None = Field(description="why the last run left it out, as a sentence")
    waits_from: datetime = Field(description="from when on it waits for the next run")

    @classmethod
    def of(cls, letter: Letter) -> Self:
        """The letter as an operator reads it."""
        return cls.model_validate({**vars(letter), "letter": letter.id})


def routes(do: UseCases) -> APIRouter:
    """The addresses under /internal/letters."""
    router = APIRouter(
        prefix="/internal/letters",
        tags=["letters"],
        responses={
            401: {"description": "Not logged in"},
            403: {"description": "For services only"},
            404: {"description": "No such letter"},
        },
    )

    @router.get("/{letter}", summary="Where a letter is", operation_id="getLetter")
    async def letter(letter: UUID, _caller: CallingService) -> LetterForOperators:
        found = await do.letter(letter)
        if found is None:
            raise NotFound("letter")
        return LetterForOperators.of(found)

    @router.post(
        "/{letter}/requeue",
        summary="Put a held letter back into the queue",
        description="The same letter goes into the next print run. One that is not held stays as it is, so this may be repeated.",
        operation_id="requeueLetter",
    )
    async def requeue(letter: UUID, _caller: CallingService) -> LetterForOperators:
        found = await do.requeue_letter(letter)
        if found is None:
            raise NotFound("letter")
        return LetterForOperators.of(found)

    return router
