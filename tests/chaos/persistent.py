"""A client as the gateway's users should be: what was not answered is asked again, the same request with the same Idempotency-Key."""

from __future__ import annotations

import asyncio
import time

import httpx

PATIENCE_S = 60.0
_AGAIN = frozenset({409, 502, 503, 504})
"""The first try still runs, or a part is away."""


class Persistent(httpx.AsyncBaseTransport):
    """Sends a request until it is answered for good."""

    def __init__(self) -> None:
        self._transport = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        deadline = time.monotonic() + PATIENCE_S
        while True:
            again = httpx.Request(request.method, request.url, headers=request.headers, content=body)
            try:
                response = await self._transport.handle_async_request(again)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            else:
                if response.status_code not in _AGAIN or time.monotonic() > deadline:
                    return response
                await response.aread()
                await response.aclose()
            await asyncio.sleep(0.1)

    async def aclose(self) -> None:
        await self._transport.aclose()
