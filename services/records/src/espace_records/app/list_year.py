from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from espace_contracts.vocabulary import InsuredId
from espace_records.app.ports import Reimbursements
from espace_records.domain.reimbursement import Reimbursement

_AT_ONCE = 100
"""How many are read from the store at a time, and so how many are in memory."""


class ListYear:
    """All that the fund settled for a person in one year, newest first, read while it is taken."""

    def __init__(self, reimbursements: Reimbursements) -> None:
        self._reimbursements = reimbursements

    async def __call__(self, insured: InsuredId, year: int) -> AsyncIterator[Reimbursement]:
        """The first ones are read at once: what keeps them from being read is known before anything is taken."""
        return self._onward(insured, year, await self._behind(None, insured, year))

    async def _onward(self, insured: InsuredId, year: int, found: Sequence[Reimbursement]) -> AsyncIterator[Reimbursement]:
        while found:
            for reimbursement in found:
                yield reimbursement
            found = await self._behind(found[-1], insured, year)

    async def _behind(self, last: Reimbursement | None, insured: InsuredId, year: int) -> Sequence[Reimbursement]:
        return await self._reimbursements.newest(insured, before=last, year=year, limit=_AT_ONCE)
