"""A client written against the last released API works with this one. The released description is a file beside this one.

At a release: copy services/gateway/src/espace_gateway/assets/openapi.json to released-openapi.json. A break that is meant needs a new
version of the API in its path (/api/v2), and the old one beside it for as long as clients need.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .api_changes import breaks

ROOT = Path(__file__).parents[2]
NOW = ROOT / "services/gateway/src/espace_gateway/assets/openapi.json"
RELEASED = Path(__file__).with_name("released-openapi.json")
Json = dict[str, Any]
Change = Callable[[Json], object]

OLD: Json = {
    "paths": {
        "/things": {
            "get": {
                "operationId": "listThings",
                "security": [],
                "parameters": [
                    {"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["big", "small"]}},
                    {"$ref": "#/components/parameters/Limit"},
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
                    "304": {},
                    "404": {"content": {"application/problem+json": {}}},
                },
            },
            "put": {
                "operationId": "changeThing",
                "security": [{"session": []}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Wish"}}}},
                "responses": {"204": {}},
            },
        }
    },
    "components": {
        "parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100, "minimum": 1}}},
        "schemas": {
            "Thing": {
                "type": "object",
                "required": ["id", "size"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "size": {"type": "string", "enum": ["big", "small"]},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                    "owner": {"anyOf": [{"$ref": "#/components/schemas/Owner"}, {"type": "null"}]},
                },
            },
            "Owner": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
            "Wish": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "maxLength": 40, "minLength": 1},
                    "size": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}


def _get(new: Json) -> Json:
    return new["paths"]["/things"]["get"]


def _put(new: Json) -> Json:
    return new["paths"]["/things"]["put"]


def _schema(new: Json, name: str) -> Json:
    return new["components"]["schemas"][name]


def _field(new: Json, name: str, field: str) -> Json:
    return _schema(new, name)["properties"][field]


BREAKS: dict[str, Change] = {
    "GET /things: the operation is gone": lambda new: new["paths"]["/things"].pop("get"),
    "PUT /things: the operation is gone": lambda new: new["paths"]["/things"].pop("put"),
    "GET /things: the operation is called allThings and was called listThings": lambda new: _get(new).update(operationId="allThings"),
    "GET /things: it wants a login": lambda new: _get(new).update(security=[{"session": []}]),
    "GET /things: parameter kind is gone": lambda new: _get(new)["parameters"].pop(0),
    "GET /things: parameter kind is required": lambda new: _get(new)["parameters"][0].update(required=True),
    "GET /things: parameter kind no longer takes big": lambda new: _get(new)["parameters"][0]["schema"]["enum"].remove("big"),
    "GET /things: parameter kind no longer takes string": lambda new: _get(new)["parameters"][0].update(schema={"type": "integer"}),
    "GET /things: parameter page is required": lambda new: _get(new)["parameters"].append(
        {"name": "page", "in": "query", "required": True, "schema": {}}
    ),
    "GET /things: parameter limit has another maximum": lambda new: new["components"]["parameters"]["Limit"]["schema"].update(maximum=50),
    "GET /things: parameter limit has another minimum": lambda new: new["components"]["parameters"]["Limit"]["schema"].update(minimum=2),
    "GET /things: it no longer answers 200": lambda new: _get(new)["responses"].pop("200"),
    "GET /things: it no longer answers 304": lambda new: _get(new)["responses"].pop("304"),
    "GET /things: answer 200 is no longer application/json": lambda new: _get(new)["responses"]["200"].update(content={"text/plain": {}}),
    "GET /things: answer 200.id is gone": lambda new: (
        _schema(new, "Thing")["required"].remove("id"),
        _schema(new, "Thing")["properties"].pop("id"),
    ),
    "GET /things: answer 200.id may be left out": lambda new: _schema(new, "Thing")["required"].remove("id"),
    "GET /things: answer 200.id may be integer": lambda new: _field(new, "Thing", "id").update(type="integer"),
    "GET /things: answer 200.id has another format": lambda new: _field(new, "Thing", "id").pop("format"),
    "GET /things: answer 200.id may be null": lambda new: _field(new, "Thing", "id").update(type=["string", "null"]),
    "GET /things: answer 200.size no longer says small": lambda new: _field(new, "Thing", "size")["enum"].remove("small"),
    "GET /things: answer 200.note may be integer": lambda new: _field(new, "Thing", "note")["anyOf"].append({"type": "integer"}),
    "GET /things: answer 200.parts[] may be string": lambda new: _field(new, "Thing", "parts").update(items={"type": "string"}),
    "GET /things: answer 200.owner.name is gone": lambda new: _schema(new, "Owner").update(required=[], properties={}),
    "PUT /things: body is required": lambda new: _put(new)["requestBody"].update(required=True),
    "PUT /things: body is not taken": lambda new: _put(new).pop("requestBody"),
    "PUT /things: body is no longer application/json": lambda new: _put(new)["requestBody"].update(content={"text/plain": {}}),
    "PUT /things: body.size is required": lambda new: _schema(new, "Wish")["required"].append("size"),
    "PUT /things: body.colour is required": lambda new: (
        _schema(new, "Wish")["required"].append("colour"),
        _schema(new, "Wish")["properties"].update(colour={"type": "string"}),
    ),
    "PUT /things: body.size is gone": lambda new: _schema(new, "Wish")["properties"].pop("size"),
    "PUT /things: body.size no longer takes null": lambda new: _schema(new, "Wish")["properties"].update(
        size={"anyOf": [{"type": "string"}]}
    ),
    "PUT /things: body.name has another maxLength": lambda new: _field(new, "Wish", "name").update(maxLength=20),
    "PUT /things: body.name has another minLength": lambda new: _field(new, "Wish", "name").update(minLength=2),
    "PUT /things: body.name has another pattern": lambda new: _field(new, "Wish", "name").update(pattern="^a"),
    "PUT /things: body.name has another format": lambda new: _field(new, "Wish", "name").update(format="email"),
    "PUT /things: body.name no longer takes any value but Ann": lambda new: _field(new, "Wish", "name").update(const="Ann"),
    "PUT /things: body.name no longer takes any value but a": lambda new: _field(new, "Wish", "name").update(enum=["a"]),
    "PUT /things: body.tags[] no longer takes string": lambda new: _field(new, "Wish", "tags").update(items={"type": "integer"}),
    "PUT /things: body.tags has another maxItems": lambda new: _field(new, "Wish", "tags").update(maxItems=3),
}
HARMLESS: dict[str, Change] = {
    "a new path": lambda new: new["paths"].update({"/more": {"get": {}}}),
    "a new method": lambda new: new["paths"]["/things"].update(post={}),
    "a new optional parameter": lambda new: _get(new)["parameters"].append({"name": "page", "in": "query", "schema": {}}),
    "a new field of an answer": lambda new: _schema(new, "Thing")["properties"].update(colour={"type": "string"}),
    "a new value in an answer": lambda new: _field(new, "Thing", "size")["enum"].append("huge"),
    "a field that is always there": lambda new: _schema(new, "Thing")["required"].append("note"),
    "a field that is never null": lambda new: _field(new, "Thing", "note").update(anyOf=[{"type": "string"}]),
    "a new value to ask for": lambda new: _get(new)["parameters"][0]["schema"]["enum"].append("huge"),
    "a new optional field to send": lambda new: _schema(new, "Wish")["properties"].update(colour={"type": "string"}),
    "a field that need not be sent": lambda new: _schema(new, "Wish")["required"].remove("name"),
    "a longer text": lambda new: _field(new, "Wish", "name").update(maxLength=80, minLength=0),
    "any number": lambda new: new["components"]["parameters"]["Limit"].update(schema={"type": "integer"}),
    "a login that is no longer wanted": lambda new: _put(new).update(security=[]),
    "another way to fail": lambda new: _get(new)["responses"].update({"409": {}}),
    "a failure that no longer happens": lambda new: _get(new)["responses"].pop("404"),
    "other words": lambda new: _get(new).update(summary="Everything"),
}


def changed(change: Change) -> Json:
    new = copy.deepcopy(OLD)
    change(new)
    return new


@pytest.mark.parametrize("told", BREAKS)
def test_what_breaks_a_client_is_told(told):
    assert breaks(OLD, changed(BREAKS[told])) == [told]


@pytest.mark.parametrize("name", HARMLESS)
def test_what_breaks_no_client_is_passed_over(name):
    assert breaks(OLD, changed(HARMLESS[name])) == []


def test_the_api_breaks_no_client_of_the_last_release():
    told = breaks(json.loads(RELEASED.read_text(encoding="utf-8")), json.loads(NOW.read_text(encoding="utf-8")))
    assert not told, "\n".join(["These changes break clients of the released API:", *told])
