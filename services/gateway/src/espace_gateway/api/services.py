"""The way to the services behind the door."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterator, Mapping
from contextlib import contextmanager

import httpx

from espace_gateway.domain.headers import Headers
from espace_kernel.logs import logger
from espace_kernel.problems import Problem
from espace_kernel.tracing import current_headers

log = logger()

_LIMITS = httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=4)
"""An idle connection is let go a second before the services' server would close it, so that no request meets a closing door."""
_TIMEOUTS = httpx.Timeout(connect=2, read=30, write=30, pool=5).as_dict()
"""Seconds; the longest answer is a PDF from the archive."""
_COME_BACK = {"Retry-After": "2"}


class Services:
    """Sends requests to the services, over connections that are kept open.

    It uses httpx's transport and no client of it: a client keeps cookies, follows redirects and adds headers of its own.
    """

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = addresses
        self._transport = httpx.AsyncHTTPTransport(limits=_LIMITS, trust_env=False)

    async def aclose(self) -> None:
        """Let all connections go."""
        await self._transport.aclose()

    async def answer(
        self, service: str, method: str, target: str, *, headers: Headers, content: AsyncIterable[bytes] | bytes | None
    ) -> httpx.Response:
        """The beginning of a service's answer; its body waits, and must be read or closed. Raises Problem 502 or 503."""
        url = f"{self._addresses[service]}{target}"
        on_this_trace = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in (*headers, *current_headers().items())]
        request = httpx.Request(method, url, headers=on_this_trace, content=content, extensions={"timeout": _TIMEOUTS})
        with failures_told(service):
            return await self._transport.handle_async_request(request)


@contextmanager
def failures_told(service: str) -> Iterator[None]:
    """What goes wrong on the way to a service is told as Problem 503 when it cannot have heard, 502 when it may have."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        log.warning("a service is away", part=service, error=type(error).__name__)
        raise Problem(
            503, "service-away", "This part of the eSpace is away at the moment, and nothing you sent was taken. Try again in a moment.",
            headers=_COME_BACK,
        ) from None  # fmt: skip
    except httpx.TransportError as error:
        log.warning("a service broke off", part=service, error=type(error).__name__)
        raise Problem(
            502, "no-answer", "This part of the eSpace broke off before it answered. Look whether your request took effect before you "
            "repeat it, or repeat it with the same Idempotency-Key.", headers=_COME_BACK,
        ) from None  # fmt: skip
