"""What the use cases need from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from espace_contracts.vocabulary import InsuredId, ReimbursementId
from espace_records.domain.reimbursement import Reimbursement
from espace_records.domain.snapshot import Snapshot

T = TypeVar("T")

Today = Callable[[], date]
"""The day it is in Luxembourg."""


class Snapshots(Protocol[T]):
    """The file's snapshots of one kind, one a person."""

    async def keep(self, snapshot: Snapshot[T]) -> None:
        """Store it, unless one of the same or a higher revision is stored."""

    async def of(self, insured: InsuredId) -> Snapshot[T] | None:
        """The person's, once the fund told of it."""


class Reimbursements(Protocol):
    """What the fund settled, of all persons."""

    async def keep(self, reimbursement: Reimbursement) -> None:
        """Store it, unless it is stored."""

    async def get(self, insured: InsuredId, reimbursement: ReimbursementId) -> Reimbursement | None:
        """The person's with this id; None for anything of anybody else."""

    async def newest(self, insured: InsuredId, *, before: Reimbursement | None, year: int | None, limit: int) -> Sequence[Reimbursement]:
        """The person's, newest settlement first, those of one day in a fixed order: at most `limit`, and only those after `before`."""

    async def told_last(self, insured: InsuredId) -> datetime | None:
        """When the fund last told a reimbursement of the person; None when it never did."""
