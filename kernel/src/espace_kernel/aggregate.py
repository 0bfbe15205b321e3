"""What every aggregate has: an id, a version, and the domain events it recorded since it was loaded. Pure: no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(kw_only=True)
class Aggregate:
    """State that changes as a whole. Its store saves the state and the recorded events in one atomic update.

    `version` counts the saves; 0 means never saved. A save expects the version it loaded.
    """

    id: UUID
    version: int = 0

    def record(self, event: object) -> None:
        """Keep a domain event to be saved, and then told, with the next save."""
        self.recorded.append(event)

    @property
    def recorded(self) -> list[object]:
        """The domain events since the last save, oldest first. Kept out of the fields, so it is never state."""
        events: list[object] = self.__dict__.setdefault("_recorded", [])
        return events
