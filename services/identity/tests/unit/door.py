"""Identity's HTTP side over the fakes, with a provider on a real port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from joserfc.jwk import ECKey

from espace_identity.api import accesses, account, contact_codes, login, mandates, mobile, provider_logout, session, tokens
from espace_identity.api.cookie import LoginCookie, SessionCookie
from espace_identity.domain.assurance import HIGH, SUBSTANTIAL
from espace_identity.domain.clients import Clients
from espace_identity.domain.provider import Provider
from espace_identity.providers.relying_party import Client, RelyingParties, RelyingParty
from espace_identity.settings import Settings
from espace_identity.storage.signing_keys import SigningKeys
from espace_kernel.access import TokenVerifier
from espace_kernel.service import Kernel, Wiring, application

from ..browser import Browser, parameters_of  # noqa: TID252  # shared with the tests on the stack
from ..provider import LOGGED_OUT, SECRET, LocalProvider, provider_on_a_port  # noqa: TID252  # likewise
from .conftest import Identity

__all__ = ["LOGGED_OUT", "Browser", "Door", "LocalProvider", "opened", "parameters_of", "provider_on_a_port"]
PUBLIC = "http://127.0.0.1:8080"
GATEWAY = ("gateway", "the-gateway's-secret")


@dataclass
class Door:
    identity: Identity
    provider: LocalProvider
    http: httpx.AsyncClient
    outside: httpx.AsyncClient

    def browser(self) -> Browser:
        return Browser(self.http, self.outside)

    def nobody_is_logged_in(self) -> bool:
        return self.identity.sessions.by_fingerprint == {}

    async def token_for(self, secret: str, **more: object) -> httpx.Response:
        return await self.http.post("/internal/sessions/token", json={"session": secret, **more}, auth=GATEWAY)


class _Current:
    """Stands for what the test at hand uses, so that the application is made once for all tests."""

    current: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.current, name)


@cache
def _application() -> FastAPI:
    do, keys = _Current(), _Current()
    cookie = SessionCookie(secure=False)
    routers = [
        *(part.routes(do) for part in (provider_logout, account, mobile, contact_codes, mandates, accesses)),
        login.routes(do, cookie, LoginCookie(secure=False)),
        session.routes(do, cookie),
        mandates.giving(do),
        tokens.routes(do, Clients({GATEWAY[0]: GATEWAY[1]}), lambda: keys.published),
    ]
    app = application(Kernel("identity", Settings()), Wiring(routers=routers))
    app.state.do, app.state.keys = do, keys
    return app


@asynccontextmanager
async def opened(folder: Path, identity: Identity, provider: LocalProvider) -> AsyncIterator[Door]:
    (folder / "identity-signing-key.pem").write_bytes(ECKey.generate_key("P-256").as_pem(private=True))
    keys = SigningKeys(folder)
    agreed = [
        Provider(id=name, issuer=provider.issuer(name), client_id="espace", acr_values=levels, **{f"{names_by}_claim": names_by})
        for name, levels, names_by in [
            ("luxtrust", (SUBSTANTIAL,), "matricule"),
            ("eid", (HIGH,), "matricule"),
            ("eidas", (HIGH, SUBSTANTIAL), "person_identifier"),
        ]
    ]
    parties = RelyingParties(
        [RelyingParty(each, Client(SECRET, f"{PUBLIC}/api/v1/login/callback/{each.id}", f"{PUBLIC}/"), identity.clock) for each in agreed]
    )
    identity.providers, identity.signer = parties, keys
    identity.compose()
    app = _application()
    app.state.do.current, app.state.keys.current, app.state.verifier = identity.do, keys, TokenVerifier(keys.key_set)
    transport = httpx.ASGITransport(app)
    async with (
        parties,
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8101") as http,
        httpx.AsyncClient(trust_env=False, verify=False) as outside,
    ):
        yield Door(identity, provider, http, outside)
