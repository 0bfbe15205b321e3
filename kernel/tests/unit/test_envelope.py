from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from opentelemetry.trace import SpanKind

from espace_contracts.event import Event, Topic
from espace_kernel.envelope import attributes_of, event_type_of, message_for, receive
from espace_kernel.outcomes import NeverWorks
from espace_kernel.tracing import Cause, handling, start_tracing

SEEDS = Topic("unit.seeds.v1", owner="garden", readers=("garden",), about="For the tests of the envelope.")


class SeedSown(Event, type="unit.seed.sown.v1", topic=SEEDS, subject="seed"):
    seed: UUID
    secret: int = 0


def sown() -> SeedSown:
    return SeedSown(insured=uuid4(), seed=uuid4())


def test_what_is_sent_is_what_is_received():
    event = sown()
    message = message_for(event)
    attributes = attributes_of(message.headers)
    received = receive(SeedSown, attributes, message.value)
    assert received.data == event
    assert str(received.id) == message.id == attributes["id"]
    assert message.key == str(event.insured).encode()
    assert event_type_of(attributes) is SeedSown


def test_an_event_recorded_while_another_is_handled_names_it_as_its_cause():
    start_tracing("test")
    correlation, causation = uuid4(), uuid4()
    with handling("test", SpanKind.CONSUMER, {}, Cause(correlation, causation)):
        attributes = attributes_of(message_for(sown()).headers)
    assert (attributes["correlationid"], attributes["causationid"]) == (str(correlation), str(causation))
    assert attributes["traceparent"].startswith("00-")


def test_the_first_event_of_a_chain_is_its_own_correlation():
    attributes = attributes_of(message_for(sown()).headers)
    assert attributes["correlationid"] == attributes["id"]
    assert "causationid" not in attributes


def test_a_trace_goes_on_from_the_sender():
    start_tracing("test")
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with handling("test", SpanKind.CONSUMER, {"traceparent": parent}, Cause(uuid4(), None)):
        attributes = attributes_of(message_for(sown()).headers)
    assert attributes["traceparent"].split("-")[1] == "0af7651916cd43dd8448eb211c80319c"


def test_a_refusal_names_the_field_and_never_the_value():
    attributes = attributes_of(message_for(sown()).headers)
    with pytest.raises(NeverWorks) as refusal:
        receive(SeedSown, attributes, b'{"insured": "x", "seed": "private-text", "secret": "private-too"}')
    assert "seed: uuid_parsing" in str(refusal.value)
    assert "private" not in str(refusal.value)


def test_unknown_fields_are_ignored():
    attributes = attributes_of(message_for(sown()).headers)
    value = f'{{"insured": "{uuid4()}", "seed": "{uuid4()}", "from_the_future": 1}}'.encode()
    assert receive(SeedSown, attributes, value).data.secret == 0


def test_a_type_declared_twice_is_refused_when_it_is_declared():
    with pytest.raises(TypeError, match="declared by SeedSown already"):
        type("Again", (Event,), {"__module__": __name__}, type="unit.seed.sown.v1", topic=SEEDS, subject="insured")
