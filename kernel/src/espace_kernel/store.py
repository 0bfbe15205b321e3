"""Aggregates in the document store: state, version and outbox are one document, saved by one atomic update.

Relies on single-document atomicity and unique indexes alone: the embedded store, a standalone server and a replica set do alike.
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import AutoReconnect, DuplicateKeyError, PyMongoError, ServerSelectionTimeoutError

from espace_contracts.event import Event
from espace_kernel.aggregate import Aggregate
from espace_kernel.clock import utc_now
from espace_kernel.crashpoints import reach
from espace_kernel.envelope import Message, message_for
from espace_kernel.outcomes import VersionConflict

A = TypeVar("A", bound=Aggregate)
Document = dict[str, Any]
Collection = AsyncCollection[Document]

STORE_AWAY: tuple[type[PyMongoError], ...] = (AutoReconnect, ServerSelectionTimeoutError)
"""What the driver raises while the store cannot be reached: nobody's fault, so it is waited for without a bound."""


def connect(uri: str) -> AsyncMongoClient[Document]:
    """A client whose acknowledged writes are on disk, and whose calls end within seconds when the store is away."""
    return AsyncMongoClient(
        uri, tz_aware=True, uuidRepresentation="standard", w="majority", journal=True, serverSelectionTimeoutMS=3000,
        connectTimeoutMS=3000, socketTimeoutMS=20000, maxPoolSize=32, retryWrites=False,
    )  # fmt: skip


def outbox_entry(message: Message) -> Document:
    """A message as it waits in its aggregate's document."""
    return {
        "id": message.id,
        "at": utc_now(),
        "topic": message.topic,
        "key": message.key,
        "headers": [[name, value] for name, value in message.headers],
        "value": message.value,
    }


def message_of(entry: Mapping[str, Any]) -> Message:
    """The reverse of outbox_entry."""
    return Message(
        id=entry["id"],
        topic=entry["topic"],
        key=entry["key"],
        headers=tuple((name, bytes(value)) for name, value in entry["headers"]),
        value=bytes(entry["value"]),
    )


def _plain(value: object) -> object:
    """What the driver can write: enums by value, dates as ISO text, tuples and sets as lists."""
    match value:
        case Enum():
            return value.value
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case Mapping():
            return {str(_plain(key)): _plain(item) for key, item in value.items()}
        case tuple() | list() | set() | frozenset():
            return [_plain(item) for item in value]
        case _:
            return value


def _has_default(field: dataclasses.Field[Any]) -> bool:
    return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING


class AggregateStore(Generic[A]):
    """One collection of aggregates of one kind. `contract_of` turns a domain event into the contract that tells it."""

    def __init__(
        self, collection: Collection, kind: type[A], *, contract_of: Callable[[Any], Event], wake: Callable[[Collection, UUID], None]
    ) -> None:
        self.collection = collection
        self._adapter = TypeAdapter(kind)
        self._fields = [field.name for field in dataclasses.fields(kind) if field.name not in ("id", "version")]
        self._optional = {field.name for field in dataclasses.fields(kind) if _has_default(field)}
        self._contract_of, self._wake = contract_of, wake

    async def add(self, aggregate: A) -> bool:
        """Insert a new aggregate. False when its id, or another unique key of it, is taken: then nothing was written."""
        state = {name: value for name, value in self._state(aggregate).items() if value is not None}
        document = {"_id": aggregate.id, **state, "version": 1, "outbox": self._entries(aggregate)}
        reach("store.before_save")
        try:
            await self.collection.insert_one(document)
        except DuplicateKeyError:
            return False
        self._saved(aggregate, 1)
        return True

    async def get(self, aggregate_id: UUID, **also: object) -> A | None:
        """The aggregate by id, when it also matches `also` (such as the person it must belong to); else None."""
        return await self.find_one({"_id": aggregate_id, **also})

    async def find_one(self, query: Mapping[str, object]) -> A | None:
        """The first aggregate that matches."""
        document = await self.collection.find_one(_plain(query), {"outbox": 0})
        return self._load(document) if document is not None else None

    async def find(self, query: Mapping[str, object], *, sort: Sequence[tuple[str, int]] = (), limit: int = 0) -> list[A]:
        """All that match, in the order of `sort` (field, 1 or -1)."""
        cursor = self.collection.find(_plain(query), {"outbox": 0}, sort=list(sort) or None, limit=limit)
        return [self._load(document) async for document in cursor]

    async def each(self, query: Mapping[str, object]) -> AsyncIterator[A]:
        """All that match, read bit by bit: for a look whose memory must not grow with the collection."""
        async with self.collection.find(_plain(query), {"outbox": 0}) as found:
            async for document in found:
                yield self._load(document)

    async def save(self, aggregate: A) -> None:
        """Write state and recorded events as one. Raises VersionConflict when somebody saved it since it was loaded."""
        state = self._state(aggregate)
        version = aggregate.version + 1
        change: Document = {"$set": {name: value for name, value in state.items() if value is not None} | {"version": version}}
        if absent := {name: "" for name, value in state.items() if value is None}:
            change["$unset"] = absent
        if entries := self._entries(aggregate):
            change["$push"] = {"outbox": {"$each": entries}}
        reach("store.before_save")
        result = await self.collection.update_one({"_id": aggregate.id, "version": aggregate.version}, change)
        if result.matched_count == 0:
            raise VersionConflict("The aggregate was saved by somebody else.")
        self._saved(aggregate, version)

    async def remove(self, aggregate: A) -> None:
        """Delete what may be deleted, in the version that was loaded. Raises VersionConflict."""
        result = await self.collection.delete_one({"_id": aggregate.id, "version": aggregate.version})
        if result.deleted_count == 0:
            raise VersionConflict("The aggregate was saved by somebody else.")

    def _saved(self, aggregate: A, version: int) -> None:
        aggregate.version = version
        if aggregate.recorded:
            aggregate.recorded.clear()
            self._wake(self.collection, aggregate.id)
        reach("store.after_save")

    def _entries(self, aggregate: A) -> list[Document]:
        return [outbox_entry(message_for(self._contract_of(event))) for event in aggregate.recorded]

    def _state(self, aggregate: A) -> Document:
        dumped: Document = self._adapter.dump_python(aggregate)
        return {name: _plain(dumped[name]) for name in self._fields}

    def _load(self, document: Document) -> A:
        known = {name: document.get(name) for name in self._fields if name in document or name not in self._optional}
        return self._adapter.validate_python({"id": document["_id"], "version": document["version"], **known})
