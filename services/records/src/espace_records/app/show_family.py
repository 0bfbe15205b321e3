from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from espace_contracts.vocabulary import InsuredId
from espace_records.app.ports import Today
from espace_records.app.show_snapshot import ShowSnapshot
from espace_records.domain.family import Family
from espace_records.domain.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class FamilyToday:
    """A person's family, and the day on which its co-insurances are looked at."""

    told: Snapshot[Family]
    today: date


class ShowFamily:
    """Show a person their family, and who of it is insured through them today."""

    def __init__(self, show: ShowSnapshot[Family], today: Today) -> None:
        self._show, self._today = show, today

    async def __call__(self, insured: InsuredId) -> FamilyToday:
        """Raises NotOnFile."""
        return FamilyToday(told=await self._show(insured), today=self._today())
