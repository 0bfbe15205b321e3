from __future__ import annotations

from uuid import UUID

from espace_cns_core.app.not_on_file import NotOnFile
from espace_cns_core.app.ports import Leaves, Persons
from espace_cns_core.domain.leave import ChildLeave, Leave
from espace_kernel.outcomes import VersionConflict


class RecordLeave:
    """Put a person's whole leave for family reasons on file by command, in place of what was there."""

    def __init__(self, leaves: Leaves, persons: Persons) -> None:
        self._leaves, self._persons = leaves, persons

    async def __call__(self, insured: UUID, children: tuple[ChildLeave, ...]) -> int:
        """Its revision. Raises NotOnFile, VersionConflict."""
        if await self._persons.get(insured) is None:
            raise NotOnFile
        known = await self._leaves.get(insured)
        leave = known or Leave(id=insured)
        leave.consist_of(children)
        if known is not None:
            await self._leaves.save(leave)
        elif not await self._leaves.add(leave):
            raise VersionConflict("The leave was put on file by somebody else meanwhile.")
        return leave.revision
