"""What the fund says on a submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from espace_contracts.vocabulary import Outcome, ProcedureStatus
from espace_kernel.outcomes import NeverWorks

Granted = Mapping[str, object]
"""What was granted, by field name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The last word on a procedure. `cause` is the id of the event that told it; each part of `granted` leads to documents of its own."""

    cause: UUID
    submission: int
    outcome: Outcome
    decided_on: date
    reason: str | None = None
    granted: tuple[Granted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequest:
    """The fund cannot decide on a submission as it is. `reason` says in the person's language what to correct."""

    cause: UUID
    submission: int
    reason: str


class NotWithTheFund(NeverWorks):
    """The fund speaks of a procedure that it does not hold."""

    def __init__(self, status: ProcedureStatus) -> None:
        super().__init__(
            f"The fund decided on a procedure that it does not hold: its status is {status}. If it is a draft, have the fund check which "
            "procedure it means; if it is to be corrected, have it decide on the next submission; if it is closed, that is final."
        )


class NotTheCurrentSubmission(NeverWorks):
    """The fund decided on a submission that was replaced since, or that never was."""

    def __init__(self, submission: int, current: int) -> None:
        super().__init__(
            f"The fund decided on submission {submission}, and the current one is {current}. Have the fund decide on the current one."
        )
