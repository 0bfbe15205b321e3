"""What the fund says on a submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from espace_contracts.vocabulary import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The last word on a procedure. `cause` is the id of the event that told it, `granted` what was granted by field name."""

    cause: UUID
    submission: int
    outcome: Outcome
    decided_on: date
    reason: str | None = None
    granted: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequest:
    """The fund cannot decide on a submission as it is. `reason` says in the person's language what to correct."""

    cause: UUID
    submission: int
    reason: str
