from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_kernel.access import CallingService
from espace_kernel.problems import NotFound, Problem
from espace_notifications.app.ports import PrinterAway
from espace_notifications.app.settle_by_folder import LetterUnknown
from espace_notifications.app.use_cases import UseCases
from espace_notifications.domain.letter import LetterState
from espace_notifications.domain.print_run import PrintRun, RunState

_NO_SUCH_RUN_OR_NO_PRINTER: dict[int | str, dict[str, Any]] = {
    404: {"description": "No such print run"},
    503: {"description": "The printer's folder or server cannot be used now"},
}


class PrintedLetterForOperators(BaseModel):
    """A letter in a run."""

    letter: UUID
    sha256: str
    pages: int
    country: str | None = Field(description="ISO 3166-1 alpha-2")


class LeftOutForOperators(BaseModel):
    """A letter that the run did not print."""

    letter: UUID
    problem: str


class PrintRunForOperators(BaseModel):
    """How far a print run is. Until it is sealed, `letters` and `left_out` are empty."""

    print_run: UUID
    state: RunState
    created_at: datetime
    cut_off: datetime | None = Field(description="the cut-off it belongs to; null when runs are formed without cut-offs")
    handed_over_at: datetime | None
    candidates: int = Field(description="how many letters it was formed of")
    letters: list[PrintedLetterForOperators]
    left_out: list[LeftOutForOperators]
    posted: int = Field(description="how many letters were handed over")
    acknowledged: int = Field(description="how many of them are with the post or with their addressee, as the printer told")
    returned: int = Field(description="how many of them came back")
    attempts: int = Field(description="how often it was taken up")
    problem: str | None = Field(description="why the last attempt got no further")
    next_try_at: datetime = Field(description="when it is taken up again, unless it is handed over")

    @classmethod
    def of(cls, run: PrintRun, states: Mapping[LetterState, int]) -> Self:
        """The run as an operator reads it, with how many of its letters are in which state."""
        returned = states.get(LetterState.RETURNED, 0)
        dispatched = states.get(LetterState.DISPATCHED, 0)
        return cls(
            print_run=run.id,
            state=run.state,
            created_at=run.created_at,
            cut_off=run.cut_off,
            handed_over_at=run.handed_over_at,
            candidates=len(run.candidates),
            letters=[PrintedLetterForOperators.model_validate(vars(letter)) for letter in run.letters],
            left_out=[LeftOutForOperators(letter=left.letter, problem=left.problem) for left in run.left_out],
            posted=states.get(LetterState.POSTED, 0) + dispatched + returned,
            acknowledged=dispatched,
            returned=returned,
            attempts=run.attempts,
            problem=run.problem,
            next_try_at=run.next_try_at,
        )


class PrintRuns(BaseModel):
    """The latest runs, newest first."""

    print_runs: list[PrintRunForOperators]


def routes(do: UseCases) -> APIRouter:
    """The address /internal/print-runs."""
    router = APIRouter(
        prefix="/internal/print-runs",
        tags=["print runs"],
        responses={401: {"description": "Not logged in"}, 403: {"description": "For services only"}},
    )

    @router.get("", summary="The latest print runs", operation_id="listPrintRuns")
    async def print_runs(_caller: CallingService) -> PrintRuns:
        runs = await do.recent_print_runs()
        states = await do.letter_states([run.id for run in runs])
        return PrintRuns(print_runs=[PrintRunForOperators.of(run, states[run.id]) for run in runs])

    @router.post(
        "/{print_run}/assemble-again",
        summary="Put a lost print run together again",
        description="Only for a run whose `problem` says that its folder is nowhere, when the printer says that it has not got it. "
        "A run that lies anywhere stays as it is, so this may be repeated.",
        operation_id="assemblePrintRunAgain",
        responses=_NO_SUCH_RUN_OR_NO_PRINTER,
    )
    async def assemble_again(print_run: UUID, _caller: CallingService) -> PrintRunForOperators:
        with _told_as_problems():
            return await _shown(await do.assemble_again(print_run), do)

    @router.post(
        "/{print_run}/settle-by-folder",
        summary="Settle a print run in doubt, or one that is not known here, by what lies at the printer's",
        description="What the folder's manifest names counts as posted; the other letters of the run go back to the queue. "
        "A known run that is not in doubt, or whose folder has no manifest, stays as it is, so this may be repeated.",
        operation_id="settlePrintRunByFolder",
        responses=_NO_SUCH_RUN_OR_NO_PRINTER | {409: {"description": "A letter in the folder is not known here"}},
    )
    async def settle_by_folder(print_run: UUID, _caller: CallingService) -> PrintRunForOperators:
        with _told_as_problems():
            return await _shown(await do.settle_by_folder(print_run), do)

    return router


async def _shown(run: PrintRun | None, do: UseCases) -> PrintRunForOperators:
    if run is None:
        raise NotFound("print run")
    return PrintRunForOperators.of(run, (await do.letter_states([run.id]))[run.id])


@contextmanager
def _told_as_problems() -> Iterator[None]:
    try:
        yield
    except PrinterAway as away:
        raise Problem(503, "printer-away", f"{away} Then try again.") from None
    except LetterUnknown:
        sentence = "A letter in the folder is not known here. Let what documents has told be read again first; then try again."
        raise Problem(409, "letter-unknown", sentence) from None
