from __future__ import annotations

import re
from uuid import UUID

from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Clock, Conversations, Procedures
from espace_procedures.domain.conversation import MAX_CHARACTERS, Conversation, Message
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.refusals import MessageEmpty, MessageTooLong, MessageUnreadable, TooManyMessages
from espace_procedures.domain.status import Action

_UNREADABLE = re.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\uD800-\uDFFF]")


class WriteMessage:
    """The person writes to the fund about a procedure that the fund has. A message has the id of its request: a repeat sends nothing."""

    def __init__(self, procedures: Procedures, conversations: Conversations, clock: Clock) -> None:
        self._procedures, self._conversations, self._clock = procedures, conversations, clock

    async def __call__(self, seen: AsSeen, message_id: UUID, text: str) -> Conversation:
        """Raises NoSuchProcedure, NotForwardedYet, AlreadyClosed, MessageEmpty, MessageTooLong, MessageUnreadable, TooManyMessages."""
        procedure = await self._procedures.get(seen.procedure, seen.insured)
        while True:
            conversation = await self._conversations.about(procedure)
            if conversation.has(message_id):
                return conversation
            _must_be_takable(procedure, conversation, text.strip())
            conversation.write(procedure.about, Message(id=message_id, author=seen.actor, text=text.strip(), at=self._clock()))
            try:
                await self._conversations.save(conversation)
            except VersionConflict:
                continue  # another message came at once: this one goes after it
            return conversation


def _must_be_takable(procedure: Procedure, conversation: Conversation, text: str) -> None:
    procedure.must_allow(Action.WRITE)
    if not text:
        raise MessageEmpty(procedure.locale)
    if len(text) > MAX_CHARACTERS:
        raise MessageTooLong(procedure.locale)
    if _UNREADABLE.search(text):
        raise MessageUnreadable(procedure.locale)
    if conversation.is_full:
        raise TooManyMessages(procedure.locale)
