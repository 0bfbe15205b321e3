"""What the fund says to a submission: final, or back to the person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """The three things the fund can do with a submission."""

    APPROVE = "approve"
    REFUSE = "refuse"
    CORRECT = "correct"


@dataclass(frozen=True)
class Verdict:
    """`reason` is what the person reads: of a refusal or of what is to be corrected; None when approved."""

    action: Action
    reason: str | None = None


APPROVED = Verdict(Action.APPROVE)
