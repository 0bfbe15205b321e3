from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from pymongo import ASCENDING

from espace_contracts.vocabulary import InsuredId
from espace_kernel.outcomes import VersionConflict
from espace_kernel.store import AggregateStore
from espace_procedures.domain.conversation import Conversation
from espace_procedures.domain.procedure import Procedure


class StoredConversations:
    """The messages about each procedure, under the procedure's id."""

    def __init__(self, store: AggregateStore[Conversation]) -> None:
        self._store = store

    async def prepare(self) -> None:
        """Make the plain index that finds a person's own."""
        await self._store.collection.create_index([("insured", ASCENDING)])

    async def about(self, procedure: Procedure) -> Conversation:
        """The messages about this procedure; an empty conversation when nobody wrote yet."""
        return await self._store.get(procedure.id, insured=procedure.insured) or Conversation(id=procedure.id, insured=procedure.insured)

    async def unread(self, insured: InsuredId) -> Mapping[UUID, int]:
        """By procedure, how many messages of the fund wait for the person."""
        return {found.id: found.unread for found in await self._store.find({"insured": insured}) if found.unread}

    async def save(self, conversation: Conversation) -> None:
        """State and events as one. Raises VersionConflict, also when somebody else wrote the first message meanwhile."""
        if conversation.version:
            await self._store.save(conversation)
        elif not await self._store.add(conversation):
            raise VersionConflict("Somebody else wrote the first message.")
