"""What the use cases need from outside."""

from __future__ import annotations

from typing import Protocol, TypeVar

from espace_contracts.vocabulary import InsuredId
from espace_records.domain.snapshot import Snapshot

T = TypeVar("T")


class Snapshots(Protocol[T]):
    """The file's snapshots of one kind, one a person."""

    async def keep(self, snapshot: Snapshot[T]) -> None:
        """Store it, unless one of the same or a higher revision is stored."""

    async def of(self, insured: InsuredId) -> Snapshot[T] | None:
        """The person's, once the fund told of it."""
