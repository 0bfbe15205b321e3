from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from espace_contracts.vocabulary import InsuredId

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot(Generic[T]):
    """What the fund's file says about one thing of one person. The fund is its only author; the highest revision is the truth."""

    insured: InsuredId
    revision: int
    as_of: datetime
    """When the fund told it."""
    says: T
