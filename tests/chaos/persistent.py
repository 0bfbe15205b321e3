"""A client as the gateway's users should be: what was not answered is asked again, the same request with the same Idempotency-Key."""

from __future__ import annotations

import asyncio
import json
import time

import httpx

PATIENCE_S = 180.0
"""A part that dies at each of its crash points is away for most of a minute on a busy machine."""
_AWAY = frozenset({502, 503, 504})


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
                if time.monotonic() > deadline or not await _wants_another_try(response):
                    return response
                await response.aclose()
            await asyncio.sleep(0.1)

    async def aclose(self) -> None:
        await self._transport.aclose()


async def _wants_another_try(response: httpx.Response) -> bool:
    """Whether a part is away, or the first try still runs."""
    if response.status_code in _AWAY:
        return True
    if response.status_code != 409:
        return False
    kind: str = json.loads(await response.aread())["type"]
    return kind == "/problems/idempotency-key-in-use"
