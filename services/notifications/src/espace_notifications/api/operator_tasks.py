from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_kernel.access import CallingService
from espace_notifications.app.ports import PrinterAway, RefusedAnswer
from espace_notifications.app.use_cases import UseCases
from espace_notifications.app.watch_the_printer import SilentRun
from espace_notifications.domain.letter import Failure, Letter
from espace_notifications.domain.print_run import PrintRun


class HeldLetter(BaseModel):
    """A letter that cannot be posted as it is. Have the cause mended; it goes by itself then, or by `requeue`."""

    letter: UUID
    document: UUID
    failure: Failure
    reason: str = Field(description="a sentence")
    since: datetime | None

    @classmethod
    def of(cls, letter: Letter) -> Self:
        """The letter as a task."""
        assert letter.failure is not None, "a held letter has its reason"
        return cls(
            letter=letter.id, document=letter.document, failure=letter.failure, reason=letter.problem or "", since=letter.held_since
        )  # fmt: skip


class SilentPrintRun(BaseModel):
    """A run whose letters the printer should have acknowledged by now. Ask the printer; nothing is sent again."""

    print_run: UUID
    letters: int = Field(description="how many of them the printer told nothing of")
    since: datetime = Field(description="when the first of them was handed over")

    @classmethod
    def of(cls, run: SilentRun) -> Self:
        """The run as a task."""
        return cls(print_run=run.print_run, letters=run.letters, since=run.posted_at)


class PrintRunInDoubt(BaseModel):
    """A run that waits since the printer has something else under its name, or runs that are not known here. Ask the printer, then have
    what it has settled by its folder: `settle-by-folder`."""

    print_run: UUID
    reason: str = Field(description="a sentence")
    since: datetime

    @classmethod
    def of(cls, run: PrintRun) -> Self:
        """The run as a task."""
        assert run.in_doubt_since is not None
        return cls(print_run=run.id, reason=run.problem or "", since=run.in_doubt_since)


class RejectedAnswer(BaseModel):
    """A file in `answers/rejected`. Ask the printer for a right one, then take the file and its reason away."""

    file: str
    reason: str


class OperatorTasks(BaseModel):
    """What the post waits for people to do."""

    held_letters: list[HeldLetter] = Field(description="the longest held first, at most 500")
    silent_print_runs: list[SilentPrintRun] = Field(description="the oldest first, at most 50")
    print_runs_in_doubt: list[PrintRunInDoubt] = Field(description="the longest first, at most 50")
    rejected_answers: list[RejectedAnswer] = Field(description="at most 100")
    printer_problem: str | None = Field(description="why the rejected answers cannot be listed now")


def routes(do: UseCases) -> APIRouter:
    """The address /internal/operator-tasks."""
    router = APIRouter(prefix="/internal/operator-tasks", tags=["operator tasks"])

    @router.get(
        "",
        summary="What the post waits for people to do",
        operation_id="listOperatorTasks",
        responses={401: {"description": "Not logged in"}, 403: {"description": "For services only"}},
    )
    async def tasks(_caller: CallingService) -> OperatorTasks:
        refused, problem = await _refused(do)
        return OperatorTasks(
            held_letters=[HeldLetter.of(letter) for letter in await do.held_letters()],
            silent_print_runs=[SilentPrintRun.of(run) for run in await do.silent_print_runs()],
            print_runs_in_doubt=[PrintRunInDoubt.of(run) for run in await do.print_runs_in_doubt()],
            rejected_answers=[RejectedAnswer(file=each.name, reason=each.reason) for each in refused],
            printer_problem=problem,
        )

    return router


async def _refused(do: UseCases) -> tuple[list[RefusedAnswer], str | None]:
    try:
        return list(await do.refused_answers()), None
    except PrinterAway as away:
        return [], str(away)
