"""CloudEvents 1.0 in Kafka's binary mode: attributes are `ce_` headers, the record's value is the data as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar
from uuid import UUID, uuid4, uuid5

from pydantic import ValidationError

from espace_contracts.event import Event, declared_events
from espace_kernel.clock import utc_now
from espace_kernel.outcomes import NeverWorks
from espace_kernel.tracing import current_cause, current_headers

E = TypeVar("E", bound=Event)

Headers = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One record as the wire carries it; what an outbox holds and the relay sends, byte for byte."""

    id: str
    topic: str
    key: bytes | None
    headers: Headers
    value: bytes


def message_for(event: Event) -> Message:
    """Wrap an event when it is recorded. The id is made here and stays the same however often the message is sent."""
    event_id = uuid4()
    cause = current_cause()
    attributes = {
        "specversion": "1.0",
        "id": str(event_id),
        "source": event.topic.source,
        "type": event.type,
        "time": utc_now().isoformat().replace("+00:00", "Z"),
        "subject": str(event.subject),
        "partitionkey": str(event.insured),
        "correlationid": str(cause.correlation_id if cause else event_id),
        **({"causationid": str(cause.causation_id)} if cause and cause.causation_id else {}),
        **current_headers(),
    }
    headers = tuple((f"ce_{name}", value.encode()) for name, value in attributes.items())
    return Message(
        id=str(event_id),
        topic=event.topic.name,
        key=str(event.insured).encode(),
        headers=(*headers, ("content-type", b"application/json")),
        value=event.model_dump_json().encode(),
    )


@dataclass(frozen=True, slots=True)
class Received(Generic[E]):
    """An event as a handler gets it, with the attributes it came with."""

    id: UUID
    type: str
    source: str
    time: datetime
    correlation_id: UUID
    data: E

    def derived_id(self, *parts: object) -> UUID:
        """The id of what this event causes: the same for the same event and parts, however often the event comes."""
        return uuid5(self.id, "/".join(str(part) for part in parts))


def attributes_of(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """The CloudEvents attributes of a record, without their prefix. Raises NeverWorks when a header is not text."""
    try:
        return {name.removeprefix("ce_"): value.decode() for name, value in headers if name.startswith("ce_")}
    except UnicodeDecodeError:
        raise NeverWorks("A header of the message is not UTF-8 text. Have its producer send CloudEvents in Kafka's binary mode.") from None


def event_type_of(attributes: Mapping[str, str]) -> type[Event]:
    """The contract of a message. Raises NeverWorks when it names no type, or one that no contract declares."""
    name = attributes.get("type")
    if name is None or attributes.get("specversion") != "1.0":
        raise NeverWorks("The message is no CloudEvent 1.0: ce_specversion or ce_type is missing. Have its producer send both headers.")
    if name not in declared_events():
        raise NeverWorks("No contract declares the type of this message. Deploy a version of this service that knows it, then replay.")
    return declared_events()[name]


def receive(contract: type[E], attributes: Mapping[str, str], value: bytes | None) -> Received[E]:
    """Read a message by its contract. Raises NeverWorks naming each wrong field; never quotes a value, which may be personal."""
    try:
        data = contract.model_validate_json(value or b"")
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'value'}: {problem['type']}"
            for problem in error.errors(include_input=False, include_url=False, include_context=False)
        )
        raise NeverWorks(f"The data do not fit {contract.type} ({wrong}). Have the producer mend it and send a new event.") from None
    try:
        event_id = UUID(attributes["id"])
        return Received(
            id=event_id,
            type=contract.type,
            source=attributes["source"],
            time=datetime.fromisoformat(attributes["time"]).astimezone(UTC),
            correlation_id=UUID(attributes.get("correlationid", str(event_id))),
            data=data,
        )
    except KeyError as missing:
        raise NeverWorks(f"The CloudEvents attribute {missing.args[0]} is missing. Have the producer send it.") from None
    except ValueError:
        raise NeverWorks("A CloudEvents attribute is malformed: id and correlationid are UUIDs, time is RFC 3339.") from None
