"""What every request passes on its way in: trace context, a cause for the events it records, a limit of size, and a measure."""

from __future__ import annotations

import time
from uuid import uuid4

from fastapi import FastAPI
from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from espace_kernel.logs import logger
from espace_kernel.metrics import HTTP_SECONDS
from espace_kernel.tracing import Cause, handling

log = logger()
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})


class Instrumented:
    """ASGI middleware. Its log line holds the route's pattern, never the address, which may hold ids."""

    def __init__(self, app: ASGIApp, body_limit: int) -> None:
        self._app, self._body_limit = app, body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http" or scope["path"] in _QUIET:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        began = time.perf_counter()
        status = 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with handling(f"{scope['method']} request", SpanKind.SERVER, headers, Cause(uuid4(), None)):
            try:
                await self._app(scope, self._limited(headers, receive), note)
            finally:
                route = getattr(scope.get("route"), "path", "unknown")
                seconds = time.perf_counter() - began
                HTTP_SECONDS.labels(scope["method"], route, str(status)).observe(seconds)
                log.info("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))

    def _limited(self, headers: Headers, receive: Receive) -> Receive:
        """The body as it comes, ended by HTTPException 413 at the limit, which whoever reads it lets through."""
        declared = headers.get("content-length", "")
        taken = int(declared) if declared.isdigit() and int(declared) > self._body_limit else 0

        async def limited() -> Message:
            nonlocal taken
            if taken <= self._body_limit:
                message = await receive()
                taken += len(message.get("body", b""))
            if taken > self._body_limit:
                raise HTTPException(413)
            return message

        return limited


def instrument(app: FastAPI, body_limit: int) -> None:
    """Add the middleware to a service's application."""
    app.add_middleware(Instrumented, body_limit=body_limit)
