"""A contract as plain JSON Schema, draft 2020-12, for whoever reads events without our models."""

from __future__ import annotations

import inspect
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from espace_contracts.event import Event

JsonObject = dict[str, Any]


class _PlainJsonSchema(GenerateJsonSchema):
    """Without what belongs to OpenAPI, or says a field's name a second time."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002  # the signature is pydantic's
        return False

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonObject:
        """The variants are told apart by a constant each."""
        union = super().tagged_union_schema(schema)
        union.pop("discriminator", None)
        return union


def schema_of(contract: type[Event]) -> JsonObject:
    """What is written for this contract. A constant always is, since it names the variant; other fields with a default may be missing."""
    schema = contract.model_json_schema(mode="serialization", schema_generator=_PlainJsonSchema)
    for part in (schema, *schema.get("$defs", {}).values()):
        fields = part.get("properties", {})
        required = [name for name, field in fields.items() if name in part.get("required", ()) or "const" in field]
        if required:
            part["required"] = required
    return {"$schema": GenerateJsonSchema.schema_dialect, "title": contract.__name__, "description": inspect.getdoc(contract), **schema}
