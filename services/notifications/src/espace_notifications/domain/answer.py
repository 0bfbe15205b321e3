"""What the printer tells. A letter's date is when it happened, not when it was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace_notifications.domain.letter import ReturnReason


@dataclass(frozen=True)
class LetterGone:
    """A letter that was given to the post."""

    letter: UUID
    at: datetime


@dataclass(frozen=True)
class LetterBack:
    """A letter that the post brought back."""

    letter: UUID
    at: datetime
    reason: ReturnReason


@dataclass(frozen=True)
class RunDispatched:
    """Every letter of a run was given to the post at one moment."""

    print_run: UUID
    at: datetime


@dataclass(frozen=True)
class LettersDispatched:
    """These letters of one run were given to the post."""

    print_run: UUID
    letters: tuple[LetterGone, ...]


@dataclass(frozen=True)
class LettersReturned:
    """Letters that the post brought back, of any runs."""

    letters: tuple[LetterBack, ...]


Answer = RunDispatched | LettersDispatched | LettersReturned
