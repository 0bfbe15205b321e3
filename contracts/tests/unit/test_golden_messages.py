"""What was sent once stays readable for ever: every golden message is held against the contract that declares its type."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from espace_contracts import golden
from espace_contracts.event import Event
from espace_contracts.events import published_events
from espace_contracts.generate.schemas import schema_of
from espace_contracts.golden import GoldenMessage
from espace_contracts.vocabulary import Value

MESSAGES = list(golden.messages())
REQUIRED_HEADERS = {
    "ce_specversion",
    "ce_id",
    "ce_source",
    "ce_type",
    "ce_time",
    "ce_subject",
    "ce_partitionkey",
    "ce_correlationid",
    "content-type",
}
OPTIONAL_HEADERS = {"ce_causationid", "ce_traceparent"}

each_message = pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
each_contract = pytest.mark.parametrize("contract", published_events().values(), ids=published_events())


def contract_of(message: GoldenMessage) -> type[Event]:
    return published_events()[message.headers["ce_type"]]


def as_sent(data: Event) -> Any:
    """Without the fields that the message did not have, so that a field added later changes nothing."""
    return data.model_dump(mode="json", exclude_unset=True)


@each_contract
def test_every_contract_has_a_golden_message_that_sets_every_field(contract: type[Event]) -> None:
    told = [contract.model_validate_json(message.value) for message in MESSAGES if contract_of(message) is contract]
    assert any(as_sent(data) == data.model_dump(mode="json") for data in told), (
        f"No golden message of {contract.type} sets every field of {contract.__name__}: add a file to golden/ that does."
    )


def test_every_value_of_a_closed_list_and_every_variant_is_in_a_golden_message() -> None:
    told = {text for message in MESSAGES for text in texts_in(json.loads(message.value))}
    definitions = [part for contract in published_events().values() for part in schema_of(contract).get("$defs", {}).values()]
    listed = {value for part in definitions for value in part.get("enum", ())}
    variants = {field["const"] for part in definitions for field in part.get("properties", {}).values() if "const" in field}
    assert listed | variants <= told, f"No golden message says {listed | variants - told}: add a file to golden/ that does."


def texts_in(value: Any) -> set[str]:
    match value:
        case str():
            return {value}
        case dict():
            return {text for part in value.values() for text in texts_in(part)}
        case list():
            return {text for part in value for text in texts_in(part)}
        case _:
            return set()


@each_message
def test_a_golden_message_is_read_and_written_back_unchanged(message: GoldenMessage) -> None:
    assert as_sent(contract_of(message).model_validate_json(message.value)) == json.loads(message.value)


@each_message
def test_a_reader_ignores_the_fields_of_a_newer_writer(message: GoldenMessage) -> None:
    data = contract_of(message).model_validate_json(message.value)
    newer = with_a_new_field_everywhere(data)
    assert contract_of(message).model_validate_json(json.dumps(newer)) == data


def with_a_new_field_everywhere(value: Any) -> Any:
    match value:
        case Value():
            known = {name: with_a_new_field_everywhere(getattr(value, name)) for name in type(value).model_fields}
            return known | {"added_by_a_newer_writer": {"any": ["thing"]}}
        case tuple():
            return [with_a_new_field_everywhere(part) for part in value]
        case _:
            return to_jsonable_python(value)


@each_message
def test_a_message_that_lacks_a_required_field_is_refused(message: GoldenMessage) -> None:
    contract, value = contract_of(message), json.loads(message.value)
    required = [name for name, field in contract.model_fields.items() if field.is_required()]
    assert "insured" in required
    for name in required:
        with pytest.raises(ValidationError, match=name):
            contract.model_validate({key: part for key, part in value.items() if key != name})


@each_message
def test_the_headers_are_the_attributes_of_a_cloudevent(message: GoldenMessage) -> None:
    headers, contract = message.headers, contract_of(message)
    data = contract.model_validate_json(message.value)

    assert headers.keys() >= REQUIRED_HEADERS
    assert headers.keys() <= REQUIRED_HEADERS | OPTIONAL_HEADERS
    assert all(re.fullmatch(r"ce_[a-z0-9]{1,20}", name) for name in headers if name != "content-type")
    assert headers["ce_specversion"] == "1.0"
    assert headers["content-type"] == "application/json"
    assert headers["ce_source"] == contract.topic.source
    assert headers["ce_subject"] == str(data.subject)
    assert headers["ce_partitionkey"] == message.key == str(data.insured)
    for name in ("ce_id", "ce_correlationid", "ce_causationid"):
        assert name not in headers or str(UUID(headers[name])) == headers[name]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", headers["ce_time"])
    assert datetime.fromisoformat(headers["ce_time"]).tzinfo is not None
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", headers.get("ce_traceparent", f"00-{'0' * 32}-{'0' * 16}-00"))


def test_no_two_golden_messages_have_the_same_id() -> None:
    assert len({message.headers["ce_id"] for message in MESSAGES}) == len(MESSAGES)


@each_message
def test_the_name_of_a_golden_message_is_its_type_and_its_variant(message: GoldenMessage) -> None:
    assert re.fullmatch(re.escape(message.headers["ce_type"]) + r"(-[a-z0-9_]+)?", message.name)


def test_golden_messages_are_never_edited() -> None:
    folder = files(golden)
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sealed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    found = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.name.endswith(".json")}

    changed = sorted(name for name in sealed if found.get(name) != sealed[name])
    unsealed = sorted(found.keys() - sealed.keys())
    assert not changed, (
        f"{', '.join(changed)} was changed or removed. What was sent once must stay readable for ever: take the change back and "
        "add a file for a new version of the contract, or for its new optional field, instead."
    )
    assert not unsealed, f"{', '.join(unsealed)} is not sealed: in golden/, run `sha256sum {' '.join(unsealed)} >> SHA256SUMS`."
