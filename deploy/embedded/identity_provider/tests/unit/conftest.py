from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from espace_identity_provider.app.ports import FundAway
from espace_identity_provider.domain.person import Person
from espace_identity_provider.settings import CLIENT_SECRET, Settings
from espace_identity_provider.wiring import compose
from espace_kernel.service import Kernel, Wiring, application

SOPHIE = Person("1983081246785", "Sophie", "Hoffmann", date(1983, 8, 12))
CATHERINE = Person("1893120105732", "Catherine", "Müller", date(1893, 12, 1), deceased=True)
SECRET = "the client's secret"
VERIFIER = "a-verifier-of-the-client-that-nobody-else-knows"


@dataclass
class World:
    """What is around the provider: the time, the fund, and the eSpace at the other end of the back channel."""

    now: datetime = datetime(2026, 3, 4, 9, tzinfo=UTC)
    persons: list[Person] = field(default_factory=lambda: [SOPHIE, CATHERINE])
    fund_is_away: bool = False
    told: list[tuple[str, str]] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)

    async def demo(self) -> list[Person]:
        if self.fund_is_away:
            raise FundAway
        return self.persons

    async def with_matricule(self, matricule: str) -> Person | None:
        return next((person for person in await self.demo() if person.matricule == matricule), None)

    async def tell(self, address: str, logout_token: str) -> None:
        self.told.append((address, logout_token))


class Espace:
    """The client at one provider, with a person's browser."""

    def __init__(self, http: httpx.AsyncClient, provider: str) -> None:
        self.http, self.provider = http, provider
        self.issuer = f"http://127.0.0.1:8108/{provider}"
        self.callback = f"http://127.0.0.1:8080/api/v1/login/callback/{provider}"

    def request(self, **changes: str | None) -> dict[str, str]:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
        usual = {
            "response_type": "code", "client_id": "espace", "redirect_uri": self.callback, "scope": "openid", "state": "st&te",
            "nonce": "once", "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return {name: value for name, value in {**usual, **changes}.items() if value is not None}

    async def asks(self, **changes: str | None) -> httpx.Response:
        return await self.http.get(f"/{self.provider}/authorize", params=self.request(**changes))

    async def sends_page(self, form: dict[str, str], **changes: str | None) -> httpx.Response:
        return await self.http.post(f"/{self.provider}/login", params=self.request(**changes), data=form)

    async def logs_in(self, person: Person = SOPHIE, level: str = "substantial", **form: str) -> str:
        """The code."""
        answer = await self.sends_page({"person": person.matricule, "level": level, **form})
        return self.answered(answer)["code"]

    def answered(self, answer: httpx.Response) -> dict[str, str]:
        """What the client is told at its address."""
        assert answer.status_code == 303, answer.text
        address = urlsplit(answer.headers["location"])
        assert f"{address.scheme}://{address.netloc}{address.path}" == self.callback
        return {name: value for name, (value,) in parse_qs(address.query, strict_parsing=True).items()}

    async def redeems(self, code: str, secret: str = SECRET, **changes: str) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.callback, "code_verifier": VERIFIER, **changes}
        return await self.http.post(f"/{self.provider}/token", data=form, auth=("espace", secret))

    async def id_token(self, code: str) -> str:
        answer = await self.redeems(code)
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["id_token"]
        return token

    async def verified(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims, by the published key."""
        keys = KeySet.import_key_set((await self.http.get(f"/{self.provider}/jwks")).json())
        decoded = jwt.decode(token, keys, algorithms=["ES256"])
        return decoded.header, decoded.claims

    async def learns(self, code: str) -> dict[str, Any]:
        """The claims of the ID token."""
        _, claims = await self.verified(await self.id_token(code))
        return claims


class Controls(HTMLParser):
    """The form controls of a page, the ids that labels name, and the language of the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.controls: list[dict[str, str | None]] = []
        self.labelled: set[str | None] = set()
        self.described: set[str] = set()
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.language: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.tags.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.described |= set((given.get("aria-describedby") or "").split())
        if tag in {"input", "select"}:
            self.controls.append(given)
        if tag == "label":
            self.labelled.add(given.get("for"))
        if tag == "html":
            self.language = given.get("lang")


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def http(world: World, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the providers."""
    (tmp_path / CLIENT_SECRET).write_text(f"{SECRET}\n")
    settings = Settings(secrets=tmp_path)
    kernel = Kernel("identity-provider", settings)
    app = application(kernel, Wiring(routers=compose(settings, world, world, world.clock)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8108") as browser:
        yield browser


@pytest.fixture
def luxtrust(http: httpx.AsyncClient) -> Espace:
    return Espace(http, "luxtrust")


@pytest.fixture
def eidas(http: httpx.AsyncClient) -> Espace:
    return Espace(http, "eidas")
