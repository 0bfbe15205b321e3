"""What an event and a topic are. A contract is a subclass of Event in a file of its own under events/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from espace_contracts.vocabulary import InsuredId, Value

FOREVER = -1
"""Retention in milliseconds that never ends, as the broker writes it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A declared topic: one owner writes it, the named groups read it.

    `watchers` follow it live: they see what comes from now on, keep no offset and own nothing that depends on it.
    `partitions` bounds how many consumers of one group share the work; the record key is the insured id.
    `retention_ms` is how long records are kept, or FOREVER.
    """

    name: str
    owner: str
    readers: tuple[str, ...]
    about: str
    watchers: tuple[str, ...] = ()
    partitions: int = 6
    retention_ms: int = FOREVER

    @property
    def source(self) -> str:
        """Who speaks here, as CloudEvents name it: `/espace/documents` for a service, `/cns/core` for the fund's core systems."""
        return f"/{self.owner.replace('-', '/')}" if self.owner.startswith("cns-") else f"/espace/{self.owner}"


class Event(Value):
    """A fact that happened, told once. Subclasses name their type, topic and the field that holds the aggregate's id.

    An optional field may be added to a contract; anything else is a new file with the next version, published beside the old one.
    """

    type: ClassVar[str]
    topic: ClassVar[Topic]
    subject_field: ClassVar[str]

    insured: InsuredId = Field(description="whom the event is about; the record key, so that one person's events keep their order")

    def __init_subclass__(cls, *, type: str, topic: Topic, subject: str, **kwargs: Any) -> None:  # noqa: A002  # the CloudEvents word
        super().__init_subclass__(**kwargs)
        if type in _BY_TYPE:
            raise TypeError(f"{type} is declared by {_BY_TYPE[type].__name__} already; a change of a contract is a new version.")
        cls.type, cls.topic, cls.subject_field = type, topic, subject
        _BY_TYPE[type] = cls

    @property
    def subject(self) -> UUID:
        """The id of the aggregate the event is about."""
        subject: UUID = getattr(self, self.subject_field)
        return subject


_BY_TYPE: dict[str, type[Event]] = {}


def declared_events() -> dict[str, type[Event]]:
    """Every contract by its type; complete once espace_contracts.events is imported."""
    return dict(_BY_TYPE)
