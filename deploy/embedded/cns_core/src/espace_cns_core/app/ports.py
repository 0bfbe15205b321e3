"""What the use cases need of the outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Protocol
from uuid import UUID

from espace_cns_core.domain.person import Person
from espace_cns_core.domain.submission import Submission

Today = Callable[[], date]

LatestSubmission = Callable[[UUID], Awaitable[Submission | None]]
"""The submission of a procedure with the highest number; None when the fund holds none."""


class Persons(Protocol):
    """The files of the insured persons, by insured id."""

    async def add(self, aggregate: Person) -> bool:
        """Store a new file. False when the person is on file already."""

    async def get(self, aggregate_id: UUID) -> Person | None:
        """The file of a person."""

    async def save(self, aggregate: Person) -> None:
        """Store a changed file. Raises VersionConflict."""


class Submissions(Protocol):
    """The submissions that reached the fund."""

    async def add(self, aggregate: Submission) -> bool:
        """Store a new submission. False when the same event brought it before."""

    async def get(self, aggregate_id: UUID) -> Submission | None:
        """A submission by its id."""

    async def save(self, aggregate: Submission) -> None:
        """Store a decided submission. Raises VersionConflict."""
