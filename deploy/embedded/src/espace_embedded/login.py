"""A login as a browser walks through it: from the gateway to the development provider, through its page, and back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin

import httpx

from espace_embedded.parts import url
from espace_embedded.settings import Settings

SESSION_COOKIE = "espace"
"""What a browser keeps of a session where there is no https."""

_FORM = re.compile(r'<form method="post" action="([^"]+)"')


class Astray(Exception):
    """The way of a login led to where it should not. The text is a sentence."""


@dataclass(frozen=True)
class Identity:
    """What a person says at the provider: `provider` luxtrust, eid or eidas; `level` low, substantial or high; `card` counts from 1."""

    matricule: str
    provider: str = "luxtrust"
    level: str = "substantial"
    card: int = 1


class Login:
    """The way between one stack's gateway and its provider, for clients whose addresses begin at the gateway."""

    def __init__(self, settings: Settings) -> None:
        self._gateway, self._provider = f"{url(settings, 'gateway')}/", f"{url(settings, 'identity-provider')}/"

    async def walk(self, http: httpx.AsyncClient, identity: Identity, *, step_up: bool = False) -> httpx.Response:
        """The gateway's last answer: a redirect when the client is logged in, else a problem. Raises Astray.

        A step-up proves an open session's person anew.
        """
        wish = {"return_to": "/", **({"step_up": "true"} if step_up else {})}
        began = await http.get(f"{self._gateway}api/v1/login/{identity.provider}", params=wish)
        if not began.has_redirect_location:
            return began
        back = await self._through_the_page(http, await http.get(_leading(began, self._provider)), identity)
        return await http.get(_leading(back, self._gateway))

    async def leave(self, http: httpx.AsyncClient, provider: str) -> None:
        """End the client's session at the provider, which tells the eSpace."""
        (await http.post(f"{self._provider}{provider}/logout", data={"confirmed": "yes"})).raise_for_status()

    async def _through_the_page(self, http: httpx.AsyncClient, page: httpx.Response, identity: Identity) -> httpx.Response:
        """The provider's redirect back; it shows no page to somebody whom it remembers."""
        if page.has_redirect_location:
            return page
        form = _FORM.search(page.text)
        if not form:
            raise Astray(f"The provider answered {page.status_code} and no page to log in on. Its log says more.")
        said = {"matricule": identity.matricule, "level": identity.level, "card": str(identity.card), "decision": "log-in"}
        return await http.post(urljoin(str(page.url), unescape(form[1])), data=said)


def _leading(answer: httpx.Response, to: str) -> str:
    """Where a redirect leads, if it leads to the part that it should."""
    address = answer.headers.get("location", "")
    if not address.startswith(to):
        raise Astray(f"The login led from {answer.url.host}:{answer.url.port} elsewhere than to {to}.")
    return str(address)
