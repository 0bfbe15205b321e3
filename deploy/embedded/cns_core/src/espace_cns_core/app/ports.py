"""What the use cases need of the outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Protocol, TypeVar
from uuid import UUID

from espace_cns_core.domain.benefit import Benefit
from espace_cns_core.domain.family import Family
from espace_cns_core.domain.leave import Leave
from espace_cns_core.domain.person import Person
from espace_cns_core.domain.reimbursement import Reimbursement
from espace_cns_core.domain.run import RunPart
from espace_cns_core.domain.submission import Submission
from espace_kernel.aggregate import Aggregate

A = TypeVar("A", bound=Aggregate)

Today = Callable[[], date]
Now = Callable[[], datetime]

LatestSubmission = Callable[[UUID], Awaitable[Submission | None]]
"""The submission of a procedure with the highest number; None when the fund holds none."""

FindPerson = Callable[[str], Awaitable[Person | None]]
"""The person with a matricule of 13 digits; None when the fund knows none."""


class Aggregates(Protocol[A]):
    """What the fund keeps of one kind, by id."""

    async def add(self, aggregate: A) -> bool:
        """Store a new one. False when its id is stored already: then nothing was written."""

    async def get(self, aggregate_id: UUID) -> A | None:
        """The one with this id."""

    async def save(self, aggregate: A) -> None:
        """Store a changed one. Raises VersionConflict."""


Persons = Aggregates[Person]
"""The files of the insured persons, by insured id."""
Families = Aggregates[Family]
"""By the insured id of the person whose family it is."""
Leaves = Aggregates[Leave]
"""Leave for family reasons, by the insured id of the parent."""
Reimbursements = Aggregates[Reimbursement]
Benefits = Aggregates[Benefit]
RunParts = Aggregates[RunPart]
Submissions = Aggregates[Submission]
"""The submissions that reached the fund; a new one is not added when the same event brought it before."""
