from __future__ import annotations

from dataclasses import dataclass

from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Clock, Conversations, FundsRecords, Procedures
from espace_procedures.domain.on_file import Situation
from espace_procedures.domain.procedure import Procedure


@dataclass(frozen=True, slots=True)
class View:
    """A procedure with what it is looked at in, and how many messages of the fund wait to be read."""

    procedure: Procedure
    situation: Situation
    unread: int


class ViewProcedure:
    """A procedure as its person sees it now: persons to choose from, what is wrong and what is warned of depend on the day and the file."""

    def __init__(self, procedures: Procedures, conversations: Conversations, records: FundsRecords, clock: Clock) -> None:
        self._procedures, self._conversations, self._records, self._clock = procedures, conversations, records, clock

    async def __call__(self, seen: AsSeen) -> View:
        """Raises NoSuchProcedure."""
        return await self.of(await self._procedures.get(seen.procedure, seen.insured))

    async def of(self, procedure: Procedure) -> View:
        """The view of a procedure that was just loaded or changed."""
        on_file = await self._records.of(procedure.insured)
        conversation = await self._conversations.about(procedure)
        return View(procedure, procedure.situation(on_file, self._clock()), conversation.unread)
