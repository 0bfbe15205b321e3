from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from espace_contracts.vocabulary import DocumentType
from espace_documents.domain.order import LUXEMBOURG


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """Which documents of a person are meant. What is left empty narrows nothing."""

    types: frozenset[DocumentType] = frozenset()
    first_day: date | None = None
    last_day: date | None = None
    unread: bool = False
    """Only those that nobody opened yet."""
    archived: bool = False
    """Those that the person put away, and no others; else those that they did not."""
    words: tuple[str, ...] = ()
    """Each is the beginning of a word that the document is found by."""

    @property
    def since(self) -> datetime | None:
        """The first moment of the first day, in Luxembourg."""
        return _midnight(self.first_day) if self.first_day else None

    @property
    def before(self) -> datetime | None:
        """The moment at which the last day is over, in Luxembourg."""
        return _midnight(self.last_day + timedelta(days=1)) if self.last_day else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LUXEMBOURG)
