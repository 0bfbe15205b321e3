"""Whoever uses the official CloudEvents SDK reads our messages without our code."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_kafka_event, to_binary_event

from espace_contracts import golden
from espace_contracts.golden import GoldenMessage


@pytest.mark.parametrize("message", list(golden.messages()), ids=lambda message: message.name)
def test_the_official_sdk_reads_every_golden_message_and_writes_it_back(message: GoldenMessage) -> None:
    headers = {name: value.encode() for name, value in message.headers.items()}

    event = from_kafka_event(KafkaMessage(headers=headers, key=message.key.encode(), value=message.value))

    assert event.get_specversion() == "1.0"
    assert event.get_id() == message.headers["ce_id"]
    assert event.get_type() == message.headers["ce_type"]
    assert event.get_source() == message.headers["ce_source"]
    assert event.get_subject() == message.headers["ce_subject"]
    assert event.get_time() == datetime.fromisoformat(message.headers["ce_time"]).astimezone(UTC)
    assert event.get_datacontenttype() == "application/json"
    assert event.get_extension("partitionkey") == message.key
    assert event.get_data() == json.loads(message.value)

    again = to_binary_event(event)
    assert again.headers == headers
    assert again.key == message.key
    assert json.loads(again.value) == json.loads(message.value)
