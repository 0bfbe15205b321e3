from __future__ import annotations

from datetime import datetime
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_procedures.app.ports import Conversations, Procedures


class ReceiveMessage:
    """The fund writes to the person about a procedure, also after its end. The id of the message makes a repeat harmless."""

    def __init__(self, procedures: Procedures, conversations: Conversations) -> None:
        self._procedures, self._conversations = procedures, conversations

    async def __call__(self, procedure_id: UUID, insured: InsuredId, message_id: UUID, text: str, sent_at: datetime) -> None:
        """Raises NoSuchProcedure and VersionConflict, to be tried later; NotWithTheFund for a draft, which the fund cannot know."""
        procedure = await self._procedures.get(procedure_id, insured)
        procedure.must_have_been_forwarded()
        conversation = await self._conversations.about(procedure)
        if not conversation.has(message_id):
            conversation.receive(procedure.about, message_id, text, sent_at)
            await self._conversations.save(conversation)
