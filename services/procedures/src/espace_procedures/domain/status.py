"""The states of a procedure, what its person may do in each, and the steps that led there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from espace_contracts.vocabulary import ProcedureStatus


class Actor(StrEnum):
    """Who moved a procedure, or wrote about it: its person, the holder of a mandate on their behalf, or the fund."""

    PERSON = "person"
    REPRESENTATIVE = "representative"
    FUND = "fund"


class Ending(StrEnum):
    """How a procedure was closed: as the fund decided, or because its person took it back."""

    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What a person can do with a procedure, by its permanent code."""

    SAVE_ANSWERS = "save_answers"
    ATTACH = "attach"
    SUBMIT = "submit"
    DELETE = "delete"
    WITHDRAW = "withdraw"
    WRITE = "write"


ACTIONS: Mapping[ProcedureStatus, tuple[Action, ...]] = {
    ProcedureStatus.IN_PREPARATION: (Action.SAVE_ANSWERS, Action.ATTACH, Action.SUBMIT, Action.DELETE),
    ProcedureStatus.FORWARDED: (Action.WITHDRAW, Action.WRITE),
    ProcedureStatus.TO_BE_CORRECTED: (Action.SAVE_ANSWERS, Action.ATTACH, Action.SUBMIT, Action.WITHDRAW, Action.WRITE),
    ProcedureStatus.CLOSED: (),
}
"""What its person may do in which state. The fund decides on what is forwarded, and on nothing else."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """One step of a procedure's life. `submission` counts those made by then.

    `cause` is the id of the event or the request that brought the step, so that its repeat is recognised.
    """

    status: ProcedureStatus
    actor: Actor
    at: datetime
    submission: int
    reason: str | None = None
    cause: UUID | None = None
