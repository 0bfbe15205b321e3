"""The published schema and the model are one contract: whatever the schema permits, our readers read and our writers write back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace_contracts.event import Event
from espace_contracts.events import published_events
from espace_contracts.generate.schemas import schema_of

each_contract = pytest.mark.parametrize("contract", published_events().values(), ids=published_events())

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=8), part, max_size=3),
    max_leaves=5,
)
FORMATS = {
    "uuid": st.uuids().map(str),
    "date": st.dates().map(str),
    "date-time": st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat().replace("+00:00", "Z")),
}
TYPES: dict[str, Callable[[dict[str, Any]], st.SearchStrategy[Any]]] = {
    "integer": lambda schema: st.integers(min_value=schema.get("minimum"), max_value=schema.get("maximum")),
    "string": lambda schema: st.text(min_size=schema.get("minLength", 0), max_size=20),
    "boolean": lambda _schema: st.booleans(),
    "null": lambda _schema: st.none(),
}


def permitted(schema: dict[str, Any], definitions: dict[str, Any]) -> st.SearchStrategy[Any]:
    """JSON values that fit the part of JSON Schema our contracts use. Raises KeyError for a part it does not know."""
    match schema:
        case {"$ref": reference}:
            return permitted(definitions[reference.removeprefix("#/$defs/")], definitions)
        case {"anyOf": choices} | {"oneOf": choices}:
            return st.one_of([permitted(choice, definitions) for choice in choices])
        case {"type": "array", "items": part}:
            return st.lists(permitted(part, definitions), min_size=schema.get("minItems", 0), max_size=schema.get("maxItems", 3))
        case {"type": "object", "additionalProperties": part}:
            return st.dictionaries(st.text(max_size=8), permitted(part, definitions), max_size=3)
        case {"type": "object", "properties": parts}:
            fields = {name: permitted(part, definitions) for name, part in parts.items()}
            optional = {name: fields.pop(name) for name in parts if name not in schema["required"]}
            return st.fixed_dictionaries(fields, optional=optional)
    return permitted_alone(schema)


def permitted_alone(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """The same for a schema that has no parts."""
    match schema:
        case {"const": value}:
            return st.just(value)
        case {"enum": values}:
            return st.sampled_from(values)
        case {"pattern": pattern}:
            return st.from_regex(pattern, fullmatch=True)
        case {"format": name}:
            return FORMATS[name]
    return TYPES[schema["type"]](schema) if schema else ANYTHING


@each_contract
@given(values=st.data())
@settings(max_examples=50, deadline=None)
def test_what_the_published_schema_permits_is_read_and_written_back_unchanged(contract: type[Event], values: st.DataObject) -> None:
    schema = schema_of(contract)
    value = values.draw(permitted(schema, schema.get("$defs", {})))

    data = contract.model_validate_json(json.dumps(value))

    assert data.model_dump(mode="json", exclude_unset=True) == value
    assert contract.model_validate_json(data.model_dump_json()) == data


@each_contract
def test_a_contract_can_be_extended_without_a_new_version_since_its_schema_permits_unknown_fields(contract: type[Event]) -> None:
    schema = schema_of(contract)
    for part in (schema, *schema.get("$defs", {}).values()):
        assert "additionalProperties" not in part or part["additionalProperties"] is True
