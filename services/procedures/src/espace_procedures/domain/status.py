"""The states of a procedure, what its person may do in each, and the steps that led there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace_contracts.vocabulary import ProcedureStatus


class Actor(StrEnum):
    """Who moved a procedure."""

    PERSON = "person"
    FUND = "fund"


class Action(StrEnum):
    """What a person can do with a procedure, by its permanent code."""

    SAVE_ANSWERS = "save_answers"
    ATTACH = "attach"
    SUBMIT = "submit"
    DELETE = "delete"


ACTIONS: Mapping[ProcedureStatus, tuple[Action, ...]] = {
    ProcedureStatus.IN_PREPARATION: (Action.SAVE_ANSWERS, Action.ATTACH, Action.SUBMIT, Action.DELETE),
    ProcedureStatus.FORWARDED: (),
    ProcedureStatus.TO_BE_CORRECTED: (Action.SAVE_ANSWERS, Action.ATTACH, Action.SUBMIT),
    ProcedureStatus.CLOSED: (),
}
"""What its person may do in which state. The fund acts on what is forwarded, and on nothing else."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """One step of a procedure's life. `submission` counts those made by then, `cause` is the id of the event that brought the step."""

    status: ProcedureStatus
    actor: Actor
    at: datetime
    submission: int
    reason: str | None = None
    cause: UUID | None = None
