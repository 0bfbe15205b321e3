"""What every request passes on its way in: trace context, a cause for the events it records, a limit of size, and a measure."""

from __future__ import annotations

import time
from uuid import uuid4

from fastapi import FastAPI
from opentelemetry.trace import SpanKind
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from espace_kernel.logs import logger
from espace_kernel.metrics import HTTP_SECONDS
from espace_kernel.problems import Problem
from espace_kernel.tracing import Cause, handling

log = logger()
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})


class _TooLarge(Exception):
    """The body went over the limit while it was read."""


class Instrumented:
    """ASGI middleware. Its log line holds the route's pattern, never the address, which may hold ids."""

    def __init__(self, app: ASGIApp, body_limit: int) -> None:
        self._app, self._body_limit = app, body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 413 in its place."""
        if scope["type"] != "http" or scope["path"] in _QUIET:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        began = time.perf_counter()
        status = 500
        started = False

        async def note(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
            await send(message)

        with handling(f"{scope['method']} request", SpanKind.SERVER, headers, Cause(uuid4(), None)):
            try:
                await self._app(scope, self._limited(headers, receive), note)
            except _TooLarge:
                if not started:
                    await self._too_large()(scope, receive, note)
            finally:
                route = getattr(scope.get("route"), "path", "unknown")
                seconds = time.perf_counter() - began
                HTTP_SECONDS.labels(scope["method"], route, str(status)).observe(seconds)
                log.info("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))

    def _limited(self, headers: Headers, receive: Receive) -> Receive:
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._body_limit:

            async def refuse() -> Message:
                raise _TooLarge

            return refuse
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._body_limit:
                raise _TooLarge
            return message

        return limited

    def _too_large(self) -> ASGIApp:
        megabytes = self._body_limit // (1024 * 1024)
        return Problem(413, "too-large", f"The request is larger than {megabytes} MB. Send smaller files.").response()


def instrument(app: FastAPI, body_limit: int) -> None:
    """Add the middleware to a service's application."""
    app.add_middleware(Instrumented, body_limit=body_limit)
