from __future__ import annotations

from espace_identity.app.ports import Families
from espace_identity.domain.family import Family


class RecordFamily:
    """Follow the fund's file: whom a person represents as a parent."""

    def __init__(self, families: Families) -> None:
        self._families = families

    async def __call__(self, family: Family) -> None:
        """The highest revision is the truth."""
        await self._families.keep(family)
