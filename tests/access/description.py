"""The operations of the public API, as the gateway describes them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from espace_gateway.domain.operation import Operation, operations_of

DOCUMENT: dict[str, Any] = json.loads(files("espace_gateway").joinpath("assets/openapi.json").read_text(encoding="utf-8"))
OPERATIONS: dict[str, Operation] = {
    operation.name: operation for by_method in operations_of(DOCUMENT).values() for operation in by_method.values()
}
