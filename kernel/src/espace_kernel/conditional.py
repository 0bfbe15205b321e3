"""Answers that need not travel again: each carries an ETag, and a caller who has it at hand is told so shortly (RFC 9110, 13.1.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "The answer at hand, named by If-None-Match, still holds."}}
"""What such a route may answer instead of a success, for the API's description."""


class ConditionalRoute(APIRoute):
    """`APIRouter(route_class=ConditionalRoute)`: what a GET answers is compared with If-None-Match; a stream passes as it is.

    The ETag is made from the body alone. A revision would be the same for two persons, and at one address a mandate holder reads several.
    """

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # FastAPI says Coroutine
        """The route's handler, and after it the comparison."""
        handle = super().get_route_handler()

        async def compared(request: Request) -> Response:
            response = await handle(request)
            if not hasattr(response, "body"):
                return response
            etag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
            if at_hand(request.headers.get("if-none-match"), etag):
                response = Response(status_code=304)
            response.headers["ETag"] = etag
            return response

        return compared


def at_hand(if_none_match: str | None, etag: str) -> bool:
    """Whether the caller has what this ETag names."""
    known = {tag.strip().removeprefix("W/") for tag in (if_none_match or "").split(",")}
    return etag in known or "*" in known
