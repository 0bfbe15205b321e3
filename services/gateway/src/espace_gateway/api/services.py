"""The way to the services behind the door."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx

from espace_gateway.app.ports import IssuedToken, NoSession
from espace_kernel.logs import logger
from espace_kernel.problems import Problem
from espace_kernel.tracing import current_headers

log = logger()

_LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=4)
"""An idle connection is let go a second before the services' server would close it, so that no request meets a closing door."""
_TIMEOUTS = httpx.Timeout(connect=2, read=30, write=30, pool=5).as_dict()
_COME_BACK = {"Retry-After": "2"}


class Services:
    """Sends requests to the services, over connections that are kept open.

    Uses httpx's transport and no client of it: a client would keep cookies, follow redirects and add headers, and here all that is somebody's.
    """

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = addresses
        self._transport = httpx.AsyncHTTPTransport(limits=_LIMITS, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        await self._transport.aclose()

    def request(self, service: str, method: str, target: str) -> httpx.Request:
        """A request to a service, on the trace of the one that is handled now; headers and content are the caller's to add."""
        return httpx.Request(method, f"{self._addresses[service]}{target}", headers=current_headers(), extensions={"timeout": _TIMEOUTS})

    async def answer(self, service: str, request: httpx.Request) -> httpx.Response:
        """The beginning of the answer; its body is still to be read, and must be closed. Raises Problem 502 or 503."""
        try:
            return await self._transport.handle_async_request(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            log.warning("a service is away", part=service, error=type(error).__name__)
            raise Problem(
                503, "service-away", "This part of the eSpace is not there at the moment; nothing you sent was taken. Try again in a moment.",
                headers=_COME_BACK,
            ) from None  # fmt: skip
        except httpx.TransportError as error:
            log.warning("a service broke off", part=service, error=type(error).__name__)
            raise Problem(
                502, "no-answer", "This part of the eSpace took the request but did not answer. See whether it took effect, or repeat it "
                "with the same Idempotency-Key.", headers=_COME_BACK,
            ) from None  # fmt: skip
