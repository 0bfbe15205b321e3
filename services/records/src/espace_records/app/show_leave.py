from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from espace_contracts.vocabulary import InsuredId
from espace_records.app.ports import Today
from espace_records.app.show_snapshot import ShowSnapshot
from espace_records.domain.leave.balance import ChildBalance, balances
from espace_records.domain.leave.child_leave import FamilyLeave


@dataclass(frozen=True, kw_only=True)
class LeaveOnDay:
    """The balances as they stand on a day, by the file that the fund told of then."""

    on: date
    as_of: datetime
    children: tuple[ChildBalance, ...]


class ShowLeave:
    """Show a person what leave for family reasons is left for each child, today or on a day of their choice."""

    def __init__(self, show: ShowSnapshot[FamilyLeave], today: Today) -> None:
        self._show, self._today = show, today

    async def __call__(self, insured: InsuredId, on: date | None) -> LeaveOnDay:
        """Raises NotOnFile."""
        told, day = await self._show(insured), on or self._today()
        return LeaveOnDay(on=day, as_of=told.as_of, children=balances(told.says, day))
