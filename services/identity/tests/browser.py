"""A browser between the eSpace and a provider: it keeps the eSpace's cookies and follows the login's two redirects."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx


@dataclass
class Browser:
    espace: httpx.AsyncClient
    provider: httpx.AsyncClient
    cookies: dict[str, str] = field(default_factory=dict)

    async def open(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        headers = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        answer = await self.espace.request(method, path, headers=headers | more.pop("headers", {}), **more)
        self.espace.cookies.clear()
        for line in answer.headers.get_list("set-cookie"):
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.value
                if cookie["max-age"] == "0":
                    del self.cookies[name]
        return answer

    async def goes_to_the_provider(self, name: str = "luxtrust", **query: Any) -> httpx.Response:
        """The eSpace's redirect."""
        return await self.open(f"/api/v1/login/{name}", params=query)

    async def is_sent_back(self, name: str = "luxtrust", **query: Any) -> str:
        """The address of the callback, not opened yet."""
        away = await self.goes_to_the_provider(name, **query)
        assert away.status_code == 302, away.text
        back = await self.provider.get(away.headers["location"])
        callback = urlsplit(back.headers["location"])
        return f"{callback.path}?{callback.query}"

    async def logs_in(self, name: str = "luxtrust", **query: Any) -> httpx.Response:
        """The answer to the callback."""
        return await self.open(await self.is_sent_back(name, **query))

    @property
    def session(self) -> str | None:
        return self.cookies.get("espace")


def parameters_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
