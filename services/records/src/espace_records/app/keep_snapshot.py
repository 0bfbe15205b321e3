from __future__ import annotations

from typing import Generic, TypeVar

from espace_records.app.ports import Snapshots
from espace_records.domain.snapshot import Snapshot

T = TypeVar("T")


class KeepSnapshot(Generic[T]):
    """Follow the fund's file. A snapshot that comes late or twice changes nothing."""

    def __init__(self, snapshots: Snapshots[T]) -> None:
        self._snapshots = snapshots

    async def __call__(self, snapshot: Snapshot[T]) -> None:
        """Keep it, if it is the highest revision so far."""
        await self._snapshots.keep(snapshot)
