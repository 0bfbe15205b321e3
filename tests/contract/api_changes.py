"""What in a new description of the API would break a client that was written against an older one.

A client may not know new paths, fields and parameters, and ignores them. What it sends must still be taken, and what it reads must still be
there: in a request more may be allowed than before, in an answer not more may come than before. New values of an enum in an answer are no
break: clients are told to expect them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

METHODS = ("get", "put", "post", "delete", "patch")
Compare = Callable[[str, Json, Json, frozenset[str]], Iterator[str]]

UPPER_BOUNDS = ("maxLength", "maximum", "exclusiveMaximum", "maxItems")
LOWER_BOUNDS = ("minLength", "minimum", "exclusiveMinimum", "minItems")


def breaks(old: Json, new: Json) -> list[str]:
    """Each break in a sentence, by where it is. Empty: every client goes on."""
    return list(Comparison(old, new).operations())


@dataclass(frozen=True)
class Comparison:
    """Two descriptions of one API."""

    old: Json
    new: Json

    def operations(self) -> Iterator[str]:
        for path, methods in self.old["paths"].items():
            for method in METHODS:
                if method in methods:
                    name = f"{method.upper()} {path}"
                    now = self.new["paths"].get(path, {}).get(method)
                    yield from [f"{name}: the operation is gone"] if now is None else self._operation(name, methods[method], now)

    def _operation(self, name: str, old: Json, new: Json) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{name}: the operation is called {new['operationId']} and was called {old['operationId']}"
        if _open_to_all(old) and not _open_to_all(new):
            yield f"{name}: it wants a login"
        yield from self._parameters(name, old, new)
        yield from self._body(f"{name}: body", old.get("requestBody"), new.get("requestBody"))
        for status, answer in old["responses"].items():
            if status < "400":
                now = new["responses"].get(status)
                if now is None:
                    yield f"{name}: it no longer answers {status}"
                else:
                    yield from self._contents(f"{name}: answer {status}", answer, now, self._answered)

    def _parameters(self, name: str, old: Json, new: Json) -> Iterator[str]:
        before = {(p["in"], p["name"]): p for p in map(self._in_old, old.get("parameters", ()))}
        after = {(p["in"], p["name"]): p for p in map(self._in_new, new.get("parameters", ()))}
        for key, parameter in before.items():
            where = f"{name}: parameter {key[1]}"
            if key not in after:
                yield f"{where} is gone"
            else:
                yield from self._taken(where, parameter["schema"], after[key]["schema"], frozenset())
        for key, parameter in after.items():
            if parameter.get("required") and not before.get(key, {}).get("required"):
                yield f"{name}: parameter {key[1]} is required"

    def _body(self, where: str, old: Json | None, new: Json | None) -> Iterator[str]:
        if new is not None and new.get("required") and not (old or {}).get("required"):
            yield f"{where} is required"
        if old is not None:
            yield from [f"{where} is not taken"] if new is None else self._contents(where, old, new, self._taken)

    def _contents(self, where: str, old: Json, new: Json, compare: Compare) -> Iterator[str]:
        for kind, body in old.get("content", {}).items():
            if kind not in new.get("content", {}):
                yield f"{where} is no longer {kind}"
            else:
                yield from compare(where, body.get("schema", {}), new["content"][kind].get("schema", {}), frozenset())

    def _taken(self, where: str, old: Json, new: Json, seen: frozenset[str]) -> Iterator[str]:
        """What was sent before must still be taken."""
        if (both := _both(old, new)) in seen:
            return
        old, new, seen = self._in_old(old), self._in_new(new), seen | {both}
        if lost := _types(old) - _types(new):
            yield f"{where} no longer takes {', '.join(sorted(lost))}"
            return
        if lost := _values_lost(old, new):
            yield f"{where} no longer takes {', '.join(sorted(lost))}"
        for bound in (*UPPER_BOUNDS, *LOWER_BOUNDS):
            if _narrower(bound, old.get(bound), new.get(bound)):
                yield f"{where} has another {bound}"
        for rule in ("pattern", "format"):
            if new.get(rule) not in {None, old.get(rule)}:
                yield f"{where} has another {rule}"
        for field in set(new.get("required", ())) - set(old.get("required", ())):
            yield f"{where}.{field} is required"
        yield from self._within(where, old, new, seen, self._taken)

    def _answered(self, where: str, old: Json, new: Json, seen: frozenset[str]) -> Iterator[str]:
        """What was read before must still be there."""
        if (both := _both(old, new)) in seen:
            return
        old, new, seen = self._in_old(old), self._in_new(new), seen | {both}
        if more := _types(new) - _types(old):
            yield f"{where} may be {', '.join(sorted(more))}"
            return
        if "enum" in old and (lost := _values(old) - _values(new)):
            yield f"{where} no longer says {', '.join(sorted(lost))}"
        if old.get("format") != new.get("format"):
            yield f"{where} has another format"
        for field in set(old.get("required", ())) - set(new.get("required", ())):
            if field in new.get("properties", {}):
                yield f"{where}.{field} may be left out"
        yield from self._within(where, old, new, seen, self._answered)

    def _within(self, where: str, old: Json, new: Json, seen: frozenset[str], compare: Compare) -> Iterator[str]:
        for field, schema in old.get("properties", {}).items():
            if field not in new.get("properties", {}):
                yield f"{where}.{field} is gone"
            else:
                yield from compare(f"{where}.{field}", schema, new["properties"][field], seen)
        for part in ("items", "additionalProperties"):
            if isinstance(old.get(part), dict) and isinstance(new.get(part), dict):
                yield from compare(f"{where}[]", old[part], new[part], seen)
        ways = {_name_of(way): way for way in _ways(new)}
        for way in _ways(old):
            if _name_of(way) in ways:
                yield from compare(where, way, ways[_name_of(way)], seen)

    def _in_old(self, part: Json) -> Json:
        return _followed(self.old, part)

    def _in_new(self, part: Json) -> Json:
        return _followed(self.new, part)


def _followed(document: Json, part: Json) -> Json:
    while "$ref" in part:
        found: Any = document
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def _both(old: Json, new: Json) -> str:
    """What is compared, so that what contains itself is compared once."""
    return f"{old['$ref']} {new.get('$ref')}" if "$ref" in old else f"{id(old)}"


def _ways(schema: Json) -> list[Json]:
    return [way for several in ("anyOf", "oneOf", "allOf") for way in schema.get(several, ()) if way.get("type") != "null"]


def _name_of(way: Json) -> str:
    return str(way.get("$ref") or way.get("type") or way.get("title"))


def _types(schema: Json) -> set[str]:
    """The types, or the names of the alternatives, that a value may have."""
    ways = [way for several in ("anyOf", "oneOf") for way in schema.get(several, ())]
    if ways:
        return {_name_of(way) for way in ways}
    of = schema.get("type", [])
    return {of} if isinstance(of, str) else set(of)


def _values(schema: Json) -> set[str]:
    return {str(value) for value in schema.get("enum", ())}


def _values_lost(old: Json, new: Json) -> set[str]:
    allowed = new.get("enum", [new["const"]] if "const" in new else None)
    if allowed is None:
        return set()
    if "enum" not in old and "const" not in old:
        return {f"any value but {', '.join(map(str, allowed))}"}
    return {str(value) for value in old.get("enum", [old.get("const")])} - {str(value) for value in allowed}


def _narrower(bound: str, old: float | None, new: float | None) -> bool:
    if new is None:
        return False
    return old is None or (new < old if bound in UPPER_BOUNDS else new > old)


def _open_to_all(operation: Json) -> bool:
    return not operation["security"] or {} in operation["security"]
