"""The provider's two neighbours, and the machine it may listen on."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from espace_identity_provider.app.ports import FundAway
from espace_identity_provider.domain.person import Person
from espace_identity_provider.settings import CLIENT_SECRET, Settings
from espace_identity_provider.storage.back_channel import FormPosts
from espace_identity_provider.storage.fund import Fund
from espace_identity_provider.wiring import wire
from espace_kernel.service import Kernel

ON_FILE = {
    "insured": "0" * 36, "matricule": "1983081246785", "given_name": "Sophie", "family_name": "Hoffmann", "date_of_birth": "1983-08-12",
    "deceased": False, "iban": "LU120010001234567891",
}  # fmt: skip
SOPHIE = Person("1983081246785", "Sophie", "Hoffmann", date(1983, 8, 12))


def fund_answers(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/internal/persons/demo":
        return httpx.Response(200 if request.method == "GET" else 500, json=[ON_FILE])
    known = json.loads(request.content)["matricule"] == ON_FILE["matricule"]
    return httpx.Response(200, json=ON_FILE) if known else httpx.Response(404)


def nobody_answers(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def client(answer) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://127.0.0.1:8109")


async def test_the_fund_knows_the_persons():
    async with client(fund_answers) as http:
        fund = Fund(http)
        assert await fund.demo() == [SOPHIE]
        assert await fund.with_matricule("1983081246785") == SOPHIE
        assert await fund.with_matricule("1990010112043") is None


async def test_a_fund_that_does_not_answer_is_away():
    async with client(nobody_answers) as http:
        with pytest.raises(FundAway):
            await Fund(http).demo()


async def test_the_back_channel_sends_a_form_and_lives_with_no_answer():
    sent: list[httpx.Request] = []

    def hears(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    async with client(hears) as http:
        await FormPosts(http).tell("http://127.0.0.1:8080/backchannel", "a.b.c")
    assert (sent[0].method, sent[0].content) == ("POST", b"logout_token=a.b.c")
    async with client(nobody_answers) as http:
        await FormPosts(http).tell("http://127.0.0.1:8080/backchannel", "a.b.c")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "espace.lu"])
def test_it_listens_on_this_machine_alone(host: str):
    with pytest.raises(ValidationError, match="lets anybody log in as anybody"):
        Settings(host=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_it_listens_on_any_name_of_this_machine(host: str):
    assert Settings(host=host).host == host


async def test_everything_is_put_together(tmp_path: Path):
    (tmp_path / CLIENT_SECRET).write_text("secret")
    wiring = wire(Kernel("identity-provider", Settings(secrets=tmp_path)))
    assert len(wiring.running) == 2
    for http in wiring.running:
        async with http:
            pass
