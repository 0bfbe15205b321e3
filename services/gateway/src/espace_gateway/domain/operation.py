"""The operations of the API's description. It is the list of all that passes: what it does not name has no way in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

ON_BEHALF_OF = "Espace-On-Behalf-Of"
"""The header in which who holds a mandate names the person they act for."""
KEEPS_SESSIONS = "identity"
"""The one service that gets the session's cookie, and may set it."""
OWN = "gateway"
"""What the door answers itself."""

SMALL_BODY = 64 * 1024
"""Bytes that a body without files may have: the longest message to the fund takes 4,000 characters, all answers of a procedure less."""
_FOR_OTHERS = {"$ref": "#/components/parameters/OnBehalfOf"}
_METHODS = ("get", "put", "post", "delete", "patch")
_PARAMETER = re.compile(r"\{(\w+)\}")


class NoSuchAddress(Exception):
    """A part of the address means something else to those who read paths: `.` or `..`."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, the service that answers it, and how it is let pass."""

    method: str
    template: str
    service: str
    name: str = ""
    wants_login: bool = True
    for_others: bool = False
    """Whether who holds a mandate may do it for the person who gave it."""
    takes_files: bool = False

    def path_with(self, values: Mapping[str, str]) -> str:
        """The path with these values, each kept within its own segment. Raises NoSuchAddress."""
        if not {".", ".."}.isdisjoint(values.values()):
            raise NoSuchAddress
        return _PARAMETER.sub(lambda parameter: quote(values[parameter[1]], safe=""), self.template)


def operations_of(document: Mapping[str, Any]) -> dict[str, dict[str, Operation]]:
    """By path template and method: every operation of an OpenAPI document, paths with fewer parameters before those they would match."""
    paths = sorted(document["paths"].items(), key=lambda path: _PARAMETER.sub("~", path[0]))
    return {
        template: {method.upper(): _operation(method.upper(), template, methods[method]) for method in _METHODS if method in methods}
        for template, methods in paths
    }


def _operation(method: str, template: str, described: Mapping[str, Any]) -> Operation:
    return Operation(
        method=method,
        template=template,
        service=described["x-espace-service"],
        name=described["operationId"],
        wants_login=_wants_login(described["security"]),
        for_others=_FOR_OTHERS in described.get("parameters", ()),
        takes_files="multipart/form-data" in described.get("requestBody", {}).get("content", {}),
    )


def _wants_login(security: list[dict[str, Any]]) -> bool:
    """OpenAPI: each entry is one way to be let in; an empty one, or none at all, lets anybody in."""
    return bool(security) and {} not in security
