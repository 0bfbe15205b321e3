"""What the API says of itself: its description in OpenAPI 3.1, and a page for each type of problem."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from espace_kernel.problems import NotFound

_ANYBODYS = {"Cache-Control": "max-age=300"}


def routes(document: Mapping[str, Any]) -> APIRouter:
    """The routes that describe the others."""
    router = APIRouter(include_in_schema=False)
    text = json.dumps(document, ensure_ascii=False).encode()

    @router.get("/api/v1/openapi.json")
    async def describe() -> Response:
        return Response(text, media_type="application/json", headers=_ANYBODYS)

    @router.get("/problems/{name}")
    async def explain(name: str) -> Response:
        problem = document["x-problems"].get(name)
        if problem is None:
            raise NotFound("type of problem")
        return PlainTextResponse(_page(name, problem), headers=_ANYBODYS)

    return router


def _page(name: str, problem: Mapping[str, Any]) -> str:
    statuses = ", ".join(f"{status} {HTTPStatus(status).phrase}" for status in problem["statuses"])
    return f"{name}\n{statuses}\n\n{problem['says']}\n"
