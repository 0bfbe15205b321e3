"""The operations of the API's description. It is the list of all that passes: what it does not name has no way in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

_METHODS = ("get", "put", "post", "delete", "patch")
_PARAMETER = re.compile(r"\{(\w+)\}")


class NoSuchAddress(Exception):
    """A part of the address means something else to those who read paths: `.` or `..`."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, the service that answers it, and whether it wants a login."""

    method: str
    template: str
    service: str
    wants_login: bool

    def path_with(self, values: Mapping[str, str]) -> str:
        """The path with these values, each kept within its own segment. Raises NoSuchAddress."""
        if not {".", ".."}.isdisjoint(values.values()):
            raise NoSuchAddress
        return _PARAMETER.sub(lambda parameter: quote(values[parameter[1]], safe=""), self.template)


def operations_of(document: Mapping[str, Any]) -> dict[str, dict[str, Operation]]:
    """By path template and method: every operation of an OpenAPI document, paths with fewer parameters before those they would match."""
    paths = sorted(document["paths"].items(), key=lambda path: _PARAMETER.sub("~", path[0]))
    return {
        template: {
            method.upper(): Operation(method.upper(), template, described["x-espace-service"], _wants_login(described["security"]))
            for method, described in methods.items()
            if method in _METHODS
        }
        for template, methods in paths
    }


def _wants_login(security: list[dict[str, Any]]) -> bool:
    """OpenAPI: each entry is one way to be let in; an empty one, or none at all, lets anybody in."""
    return bool(security) and {} not in security
