from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_kernel.access import CallingService
from espace_notifications.app.use_cases import UseCases
from espace_notifications.domain.print_run import PrintRun, RunState


class PrintedLetterForOperators(BaseModel):
    """A letter in a run."""

    letter: UUID
    sha256: str
    pages: int


class LeftOutForOperators(BaseModel):
    """A letter that the run did not print."""

    letter: UUID
    problem: str


class PrintRunForOperators(BaseModel):
    """How far a print run is. Until it is sealed, `letters` and `left_out` are empty."""

    print_run: UUID
    state: RunState
    created_at: datetime
    handed_over_at: datetime | None
    candidates: int = Field(description="how many letters it was formed of")
    letters: list[PrintedLetterForOperators]
    left_out: list[LeftOutForOperators]
    attempts: int = Field(description="how often it was taken up")
    problem: str | None = Field(description="why the last attempt got no further")
    next_try_at: datetime = Field(description="when it is taken up again, unless it is handed over")

    @classmethod
    def of(cls, run: PrintRun) -> Self:
        """The run as an operator reads it."""
        return cls(
            print_run=run.id,
            state=run.state,
            created_at=run.created_at,
            handed_over_at=run.handed_over_at,
            candidates=len(run.candidates),
            letters=[PrintedLetterForOperators.model_validate(vars(letter)) for letter in run.letters],
            left_out=[LeftOutForOperators(letter=left.letter, problem=left.problem) for left in run.left_out],
            attempts=run.attempts,
            problem=run.problem,
            next_try_at=run.next_try_at,
        )


class PrintRuns(BaseModel):
    """The latest runs, newest first."""

    print_runs: list[PrintRunForOperators]


def routes(do: UseCases) -> APIRouter:
    """The address /internal/print-runs."""
    router = APIRouter(prefix="/internal/print-runs", tags=["print runs"])

    @router.get(
        "",
        summary="The latest print runs",
        operation_id="listPrintRuns",
        responses={401: {"description": "Not logged in"}, 403: {"description": "For services only"}},
    )
    async def print_runs(_caller: CallingService) -> PrintRuns:
        return PrintRuns(print_runs=[PrintRunForOperators.of(run) for run in await do.recent_print_runs()])

    return router
