"""The topics, who writes and who reads them, and every message, as an AsyncAPI 3.0 document."""

from __future__ import annotations

import inspect
import json
from importlib.metadata import metadata

from espace_contracts.event import Event, Topic
from espace_contracts.events import published_events
from espace_contracts.generate.schemas import JsonObject
from espace_contracts.golden import messages
from espace_contracts.topics import all_topics, consumer_groups, topics_of_group

_KAFKA_BINDING = "0.5.0"
_UUID = {"type": "string", "format": "uuid"}


def asyncapi() -> JsonObject:
    """The whole document. Payloads are references to the JSON Schemas that lie beside it in schemas/."""
    package = metadata("espace-contracts")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Events of the insured eSpace",
            "version": package["Version"],
            "description": package["Summary"] + ". CloudEvents 1.0 in Kafka's binary mode; readers ignore unknown fields.",
            "license": {"name": package["License-Expression"]},
        },
        "defaultContentType": "application/json",
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "messages": {contract.type: _message(contract) for contract in published_events().values()},
            "messageTraits": {"cloudEvent": _cloud_event()},
        },
    }


def _channels() -> JsonObject:
    declared = {topic.name: _channel(topic, _told_in(topic)) for topic in all_topics()}
    own = {topic.name: _channel(topic, _read_by(group)) for group in consumer_groups() for topic in topics_of_group(group)}
    return declared | own


def _told_in(topic: Topic) -> list[type[Event]]:
    return [contract for contract in published_events().values() if contract.topic == topic]


def _read_by(group: str) -> list[type[Event]]:
    return [contract for topic in all_topics() if group in topic.readers for contract in _told_in(topic)]


def _channel(topic: Topic, contracts: list[type[Event]]) -> JsonObject:
    return {
        "address": topic.name,
        "description": topic.about,
        "messages": {contract.type: {"$ref": f"#/components/messages/{contract.type}"} for contract in contracts},
        "bindings": {
            "kafka": {
                "partitions": topic.partitions,
                "topicConfiguration": {"cleanup.policy": ["delete"], "retention.ms": topic.retention_ms},
                "bindingVersion": _KAFKA_BINDING,
            }
        },
    }


def _operations() -> JsonObject:
    operations: JsonObject = {}
    for topic in all_topics():
        operations |= _operation(topic.owner, "send", topic)
        for group in topic.readers:
            operations |= _operation(group, "receive", topic)
        for watcher in topic.watchers:
            operations |= _operation(watcher, "receive", topic, in_group=False)
    for group in consumer_groups():
        dead_letters, replays = topics_of_group(group)
        operations |= _operation(group, "send", dead_letters) | _operation(group, "receive", replays)
    return operations


def _operation(part: str, action: str, topic: Topic, *, in_group: bool = True) -> JsonObject:
    operation: JsonObject = {"action": action, "channel": {"$ref": f"#/channels/{topic.name}"}}
    if action == "receive" and in_group:
        operation["bindings"] = {"kafka": {"groupId": {"type": "string", "const": part}, "bindingVersion": _KAFKA_BINDING}}
    return {f"{part}.{action}.{topic.name}": operation}


def _message(contract: type[Event]) -> JsonObject:
    return {
        "name": contract.type,
        "title": contract.__name__,
        "description": inspect.getdoc(contract),
        "headers": {
            "type": "object",
            "properties": {"ce_type": {"const": contract.type}, "ce_source": {"const": contract.topic.source}},
        },
        "payload": {"$ref": f"./schemas/{contract.type}.json"},
        "examples": [
            {"name": message.name, "headers": message.headers, "payload": json.loads(message.value)}
            for message in messages()
            if message.headers["ce_type"] == contract.type
        ],
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
    }


def _cloud_event() -> JsonObject:
    """What every message has: the attributes of CloudEvents 1.0 as headers, and the insured id as key."""
    headers: JsonObject = {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {**_UUID, "description": "fixed when the event is recorded, the same on every resend"},
        "ce_source": {"type": "string", "format": "uri-reference", "description": "who speaks"},
        "ce_type": {"type": "string"},
        "ce_time": {"type": "string", "format": "date-time", "description": "when the event was recorded, in UTC"},
        "ce_subject": {**_UUID, "description": "the aggregate the event is about"},
        "ce_partitionkey": {**_UUID, "description": "the insured id, which is the record's key"},
        "ce_correlationid": {**_UUID, "description": "the event everything began with"},
        "content-type": {"type": "string", "const": "application/json"},
    }
    optional: JsonObject = {
        "ce_causationid": {**_UUID, "description": "the event that caused this one"},
        "ce_traceparent": {"type": "string", "description": "W3C trace context"},
    }
    return {
        "headers": {"type": "object", "properties": headers | optional, "required": list(headers)},
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": {"kafka": {"key": {**_UUID, "description": "the insured id"}, "bindingVersion": _KAFKA_BINDING}},
    }
