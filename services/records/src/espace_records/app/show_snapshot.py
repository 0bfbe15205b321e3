from __future__ import annotations

from typing import Generic, TypeVar

from espace_contracts.vocabulary import InsuredId
from espace_records.app.ports import Snapshots
from espace_records.domain.snapshot import Snapshot

T = TypeVar("T")


class NotOnFile(Exception):
    """The fund has told nothing of this kind about the person."""


class ShowSnapshot(Generic[T]):
    """Show a person what the fund's file says about them, and as of when."""

    def __init__(self, snapshots: Snapshots[T]) -> None:
        self._snapshots = snapshots

    async def __call__(self, insured: InsuredId) -> Snapshot[T]:
        """Raises NotOnFile."""
        snapshot = await self._snapshots.of(insured)
        if snapshot is None:
            raise NotOnFile
        return snapshot
