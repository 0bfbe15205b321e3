from __future__ import annotations

from uuid import UUID

from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Clock, Conversations, Procedures
from espace_procedures.domain.conversation import Conversation


class NoSuchMessage(Exception):
    """Nobody wrote this about the procedure."""


class ReadMessages:
    """What was written about a procedure; and the mark up to where the person has read it."""

    def __init__(self, procedures: Procedures, conversations: Conversations, clock: Clock) -> None:
        self._procedures, self._conversations, self._clock = procedures, conversations, clock

    async def __call__(self, seen: AsSeen) -> Conversation:
        """Raises NoSuchProcedure."""
        return await self._conversations.about(await self._procedures.get(seen.procedure, seen.insured))

    async def up_to(self, seen: AsSeen, message_id: UUID) -> None:
        """Mark this message and those before it as read. Raises NoSuchProcedure, NoSuchMessage."""
        while True:
            conversation = await self(seen)
            if not conversation.has(message_id):
                raise NoSuchMessage
            try:
                if conversation.read_up_to(message_id, self._clock()):
                    await self._conversations.save(conversation)
            except VersionConflict:
                continue  # a message came at that moment, which is not read yet
            return
