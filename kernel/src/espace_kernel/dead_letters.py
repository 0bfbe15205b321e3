"""Messages that could not be handled: kept with where they came from and why, told on `<group>-dlt`, replayed by command.

A dead letter is stored before the offset is committed, under the coordinates of its message, so a crash neither loses nor doubles it.
A replay goes to `<group>-replay`, which only this group reads, and is harmless to repeat: effects are recognised by the event's id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from aiokafka.structs import ConsumerRecord
from pymongo.errors import DuplicateKeyError

from espace_contracts.topics import dead_letters_of, replays_of
from espace_kernel.clock import utc_now
from espace_kernel.envelope import Headers, Message
from espace_kernel.metrics import DEAD_LETTERS
from espace_kernel.store import Collection, Document, outbox_entry

ORIGIN = "espace-origin"
"""Header of a dead letter and of its replay: `<topic>:<partition>:<offset>` of the message as it first came."""

_OURS = frozenset({ORIGIN, "espace-error", "espace-reason", "espace-attempts", "espace-group"})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was given up. `reason` is `never_works` or `retries_exhausted`; the sentence quotes no personal data."""

    reason: str
    error: str
    sentence: str
    attempts: int


def origin_of(record: ConsumerRecord[bytes | None, bytes | None]) -> str:
    """Where the message first came from: its own coordinates, or those it carried when it is a replay."""
    carried = dict(record.headers or ()).get(ORIGIN)
    return carried.decode() if carried else f"{record.topic}:{record.partition}:{record.offset}"


class DeadLetters:
    """The dead letters of one group, in its service's database."""

    def __init__(self, collection: Collection, group: str, wake: Callable[[Collection, str], None]) -> None:
        self.collection, self._group, self._wake = collection, group, wake

    async def keep(self, record: ConsumerRecord[bytes | None, bytes | None], failure: Failure) -> None:
        """Store the message and tell it on `<group>-dlt`. A redelivery of the same message changes nothing."""
        origin = origin_of(record)
        headers = tuple((name, value) for name, value in record.headers or () if name not in _OURS)
        entry = outbox_entry(self._told(record, headers, origin, failure))
        note = {"at": utc_now(), "what": failure.reason, "seen_at": f"{record.topic}:{record.partition}:{record.offset}"}
        state = {
            "state": "waiting",
            "reason": failure.reason,
            "error": failure.error,
            "sentence": failure.sentence,
            "attempts": failure.attempts,
        }
        first: Document = {
            "_id": origin,
            **state,
            "key": record.key,
            "headers": [[name, value] for name, value in headers],
            "value": record.value,
            "history": [note],
            "outbox": [entry],
        }
        try:
            await self.collection.insert_one(first)
        except DuplicateKeyError:
            again = await self.collection.update_one(
                {"_id": origin, "history.seen_at": {"$ne": note["seen_at"]}}, {"$set": state, "$push": {"history": note, "outbox": entry}}
            )
            if again.modified_count == 0:
                return
        DEAD_LETTERS.labels(self._group, failure.reason).inc()
        self._wake(self.collection, origin)

    def _told(self, record: ConsumerRecord[bytes | None, bytes | None], headers: Headers, origin: str, failure: Failure) -> Message:
        about = {
            ORIGIN: origin,
            "espace-group": self._group,
            "espace-reason": failure.reason,
            "espace-error": f"{failure.error}: {failure.sentence}",
            "espace-attempts": str(failure.attempts),
        }
        return Message(
            id=str(uuid4()),
            topic=dead_letters_of(self._group),
            key=record.key,
            headers=(*headers, *((name, value.encode()) for name, value in about.items())),
            value=record.value or b"",
        )

    async def waiting(self) -> Sequence[Document]:
        """What waits for an operator, oldest first, without the content."""
        cursor = self.collection.find({"state": "waiting"}, {"value": 0, "key": 0, "outbox": 0})
        return sorted([document async for document in cursor], key=lambda letter: letter["history"][0]["at"])

    async def replay(self, origin: str, by: str) -> bool:
        """Send one dead letter to this group again; its relay takes it up within seconds. False when none waits under this origin."""
        letter = await self.collection.find_one({"_id": origin, "state": "waiting"})
        if letter is None:
            return False
        headers = (*((name, bytes(value)) for name, value in letter["headers"]), (ORIGIN, origin.encode()))
        message = Message(
            id=str(uuid4()), topic=replays_of(self._group), key=letter["key"], headers=headers, value=bytes(letter["value"] or b"")
        )
        note = {"at": utc_now(), "what": "replayed", "by": by}
        done = await self.collection.update_one(
            {"_id": origin, "state": "waiting"},
            {"$set": {"state": "replayed"}, "$push": {"history": note, "outbox": outbox_entry(message)}},
        )
        return done.modified_count == 1

    async def discard(self, origin: str, by: str, why: str) -> bool:
        """Decide that a dead letter needs nothing more. It stays on file with who decided and why. False when none waits."""
        note = {"at": utc_now(), "what": "discarded", "by": by, "why": why}
        done = await self.collection.update_one(
            {"_id": origin, "state": "waiting"}, {"$set": {"state": "discarded"}, "$push": {"history": note}}
        )
        return done.modified_count == 1
