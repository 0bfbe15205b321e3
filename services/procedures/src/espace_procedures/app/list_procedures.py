from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, ProcedureStatus
from espace_procedures.app.ports import Conversations, Place, Procedures
from espace_procedures.domain.procedure import Procedure


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a person's procedures, and the place after which the next page begins; None on the last. `unread` as Conversations tells."""

    procedures: list[Procedure]
    unread: Mapping[UUID, int]
    last: Place | None


class ListProcedures:
    """A person's procedures, the one that moved last first. One that moves between two pages is not shown twice on later pages."""

    def __init__(self, procedures: Procedures, conversations: Conversations) -> None:
        self._procedures, self._conversations = procedures, conversations

    async def __call__(self, insured: InsuredId, status: ProcedureStatus | None, after: Place | None, limit: int) -> Page:
        """At most `limit` of those that come after this place, or from the first on."""
        found = sorted(await self._procedures.all_of(insured, status), key=_place, reverse=True)
        rest = [procedure for procedure in found if after is None or _place(procedure) < after]
        page = rest[:limit]
        return Page(page, await self._conversations.unread(insured), _place(page[-1]) if len(rest) > limit else None)


def _place(procedure: Procedure) -> Place:
    """When it moved last, then its id."""
    return procedure.history[-1].at, procedure.id
