"""What a person and the fund write to each other about a procedure, apart from it: a message never gets in the way of a correction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_kernel.aggregate import Aggregate
from espace_procedures.domain.events import About, Answered, Written
from espace_procedures.domain.status import Actor

MAX_CHARACTERS = 4000
MAX_WRITTEN = 50
"""How many messages a person may write about one procedure."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message. `read_at` is when the person first read what the fund wrote; None for the person's own."""

    id: UUID
    author: Actor
    text: str
    at: datetime
    read_at: datetime | None = None

    @property
    def is_unread(self) -> bool:
        """Whether it waits for the person."""
        return self.author is Actor.FUND and self.read_at is None


@dataclass(kw_only=True)
class Conversation(Aggregate):
    """The messages about the procedure of the same id, in the order they arrived."""

    insured: InsuredId
    messages: tuple[Message, ...] = ()

    @property
    def unread(self) -> int:
        """How many wait for the person."""
        return sum(message.is_unread for message in self.messages)

    @property
    def is_full(self) -> bool:
        """Whether the person has written as often as may be."""
        return sum(message.author is not Actor.FUND for message in self.messages) >= MAX_WRITTEN

    def has(self, message_id: UUID) -> bool:
        """Whether this message arrived before."""
        return any(message.id == message_id for message in self.messages)

    def write(self, about: About, message: Message) -> None:
        """The person writes, or somebody on their behalf."""
        self.messages = (*self.messages, message)
        self.record(Written(about, message.id, message.text, message.at))

    def receive(self, about: About, message_id: UUID, text: str, at: datetime) -> None:
        """The fund writes."""
        self.messages = (*self.messages, Message(id=message_id, author=Actor.FUND, text=text, at=at))
        self.record(Answered(about, message_id))

    def read_up_to(self, message_id: UUID, at: datetime) -> bool:
        """The person has read this message and those before it. False when that was known. The first reading is what counts."""
        last = next(place for place, message in enumerate(self.messages) if message.id == message_id)
        read = tuple(replace(message, read_at=at) if message.is_unread else message for message in self.messages[: last + 1])
        changed = read != self.messages[: last + 1]
        self.messages = (*read, *self.messages[last + 1 :])
        return changed
