from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from espace_contracts.vocabulary import InsuredId, ReimbursementId
from espace_records.app.ports import Reimbursements
from espace_records.domain.reimbursement import Reimbursement


class UnknownCursor(Exception):
    """There is no such place in this person's list."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """A stretch of the list. `following` is where the next one begins; None at the end."""

    reimbursements: Sequence[Reimbursement]
    following: ReimbursementId | None
    as_of: datetime | None
    """When the fund last told one, on whatever page it is; None when it never did."""


class ListReimbursements:
    """List what the fund settled for a person, newest first."""

    def __init__(self, reimbursements: Reimbursements) -> None:
        self._reimbursements = reimbursements

    async def __call__(self, insured: InsuredId, *, cursor: ReimbursementId | None, year: int | None, limit: int) -> Page:
        """The page after the reimbursement that the cursor names: newer ones do not shift it. Raises UnknownCursor."""
        before = await self._reimbursements.get(insured, cursor) if cursor else None
        if cursor and before is None:
            raise UnknownCursor
        found = await self._reimbursements.newest(insured, before=before, year=year, limit=limit + 1)
        page = found[:limit]
        return Page(
            reimbursements=page,
            following=page[-1].id if len(found) > limit else None,
            as_of=await self._reimbursements.told_last(insured),
        )
