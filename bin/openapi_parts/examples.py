"""Examples for the description of the public API. What a model says itself comes first; else the name of a field decides what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

BY_NAME: Json = {
    "address": "14, rue de la Gare, L-4571 Oberkorn",
    "agency": "luxembourg",
    "answers": {"iban": "LU28 0019 4006 4475 0000", "holder": "Sophie Hoffmann"},
    "closes": "17:00",
    "code": "402871",
    "country": "LU",
    "cursor": None,
    "detail": "This IBAN has 19 characters; one from Luxembourg has 20. Check the end of the number.",
    "email": "sophie.hoffmann@example.lu",
    "family_name": "Hoffmann",
    "field": "iban",
    "free": 2,
    "given_name": "Sophie",
    "holder": "Sophie Hoffmann",
    "hint": "An extract of the account that shows its holder.",
    "iban": "LU28 0019 4006 4475 0000",
    "label": "Bank statement",
    "limit": 20,
    "matricule": "1983081246785",
    "max_bytes": 5_242_880,
    "media_type": "application/pdf",
    "message": "Your bank statement shows another holder. Please send one of your own account.",
    "minutes": 480,
    "name": "iban",
    "next": None,
    "next_cursor": None,
    "on_file": {"iban": "LU12 •••• •••• •••• 7891"},
    "opens": "07:30",
    "other": "Luc Weber",
    "pages": 2,
    "phone": "+352 621 123 456",
    "provider": "luxtrust",
    "reason": "The bank statement shows another holder.",
    "reference": "B-2026-000123",
    "role": "bank_statement",
    "status_label": "In preparation",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "size": 48_213,
    "subject": "reimbursement",
    "submission": 1,
    "text": "I have attached a new bank statement.",
    "title": "Change of bank details",
    "unread": 1,
    "value": "LU",
    "version": 3,
    "year": 2026,
}
"""Shown where a field of this name has no example of its own and the value is of its type."""

_BY_FORMAT = {
    "uuid": "7d3c1f7e-0000-4000-8000-000000000002",
    "date": "2026-03-02",
    "date-time": "2026-03-02T09:00:41.250000Z",
    "email": BY_NAME["email"],
    "uri": "https://example.lu/",
}
_PYTHON = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict, "null": type(None)}


def example_of(schema: Mapping[str, Any], schemas: Json, name: str = "") -> Any:
    """A value that fits the schema. `name` is the field's; `schemas` are the document's own, to follow references."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    for own in (*schema.get("examples", ()), *([schema["const"]] if "const" in schema else ())):
        return own
    if name in BY_NAME and _is(BY_NAME[name], schema):
        return BY_NAME[name]
    for choice in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        if choice.get("type") != "null":
            return example_of(choice, schemas, name)
    if "enum" in schema:
        return schema["enum"][0]
    return _of_type(schema, schemas, name)


def _of_type(schema: Mapping[str, Any], schemas: Json, name: str) -> Any:
    match schema.get("type"):
        case "object":
            return {field: example_of(of, schemas, field) for field, of in schema.get("properties", {}).items()}
        case "array":
            return [example_of(schema.get("items", {}), schemas, name)]
        case "integer" | "number":
            return int(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return _BY_FORMAT.get(schema.get("format", ""), "text"[: schema.get("maxLength", 4)].ljust(schema.get("minLength", 0), "x"))


def _is(value: object, schema: Mapping[str, Any]) -> bool:
    """Whether a value is of the schema's type, and neither a choice nor a format speaks against it."""
    ways = [schema, *schema.get("anyOf", ())]
    if any("enum" in way or "$ref" in way or way.get("format", "email") != "email" for way in ways):
        return False
    return any(isinstance(value, _PYTHON[way["type"]]) for way in ways if "type" in way)
