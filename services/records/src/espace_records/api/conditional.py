"""Answers that need not be sent again: each carries an ETag, and a caller who has it already is told so in a few bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from fastapi.routing import APIRoute


class ConditionalRoute(APIRoute):
    """`APIRouter(route_class=ConditionalRoute)`: what a GET answers is compared with If-None-Match (RFC 9110, 13.1.2).

    The ETag is made from the body alone. A revision would be the same for two persons, and at one address a mandate holder reads several.
    """

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # FastAPI says Coroutine
        """The route's handler, and after it the comparison."""
        handle = super().get_route_handler()

        async def compared(request: Request) -> Response:
            response = await handle(request)
            etag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
            if _has(request.headers.get("if-none-match", ""), etag):
                response = Response(status_code=304)
            response.headers["ETag"] = etag
            return response

        return compared


def _has(if_none_match: str, etag: str) -> bool:
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in known or "*" in known
