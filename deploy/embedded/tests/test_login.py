"""Identity and the development provider are told the same, and a login walks the right way or none."""

import json

import httpx
import pytest

from espace_embedded.login import Astray, Identity, Login
from espace_embedded.parts import SERVICES, environment, url
from espace_embedded.settings import Settings
from espace_identity.settings import Settings as IdentitySettings
from espace_identity_provider.domain.provider import PROVIDERS
from espace_identity_provider.settings import CLIENT_SECRET

GATEWAY, PROVIDER = "http://127.0.0.1:8080", "http://127.0.0.1:8108"
PAGE = '<form method="post" action="/luxtrust/login?state=a&amp;nonce=b">'


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(state=tmp_path)


def test_identity_is_told_of_the_very_providers_that_run(settings):
    services = {service.name: service for service in SERVICES}
    told = environment(settings, services["identity"])
    known = IdentitySettings(providers=told["ESPACE_PROVIDERS"]).providers
    assert [(provider.id, provider.issuer) for provider in known] == [(one.id, f"{PROVIDER}/{one.id}") for one in PROVIDERS]
    assert {provider.client_secret_file for provider in known} == {CLIENT_SECRET}
    assert [provider.matricule_claim is not None for provider in known] == [one.knows_the_matricule for one in PROVIDERS]
    assert told["ESPACE_PUBLIC_URL"] == environment(settings, services["identity-provider"])["ESPACE_PUBLIC_URL"] == GATEWAY
    assert json.loads(told["ESPACE_PROVIDERS"])[0]["issuer"].startswith(url(settings, "identity-provider"))


class Journey:
    """What the parts answer, address by address, and where a browser went."""

    def __init__(self, **answers: tuple[int, str]) -> None:
        self.answers, self.went, self.said = answers, [], ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        where = f"{'gateway' if request.url.port == 8080 else 'provider'}_{request.url.path.rsplit('/', 1)[-1]}"
        self.went.append(where)
        self.said = request.content.decode() or self.said
        status, answer = self.answers[where]
        return httpx.Response(status, headers={"location": answer}) if status in {302, 303} else httpx.Response(status, text=answer)

    async def walked(self, settings: Settings) -> httpx.Response:
        identity = Identity("1983081246785", level="high")
        async with httpx.AsyncClient(transport=httpx.MockTransport(self), base_url=GATEWAY) as http:
            return await Login(settings).walk(http, identity)


STAGES = {
    "gateway_luxtrust": (302, f"{PROVIDER}/luxtrust/authorize?state=a"),
    "provider_authorize": (200, PAGE),
    "provider_login": (303, f"{GATEWAY}/api/v1/login/callback?code=c"),
    "gateway_callback": (302, "/"),
}


async def test_a_login_goes_from_the_gateway_through_the_page_and_back(settings):
    journey = Journey(**STAGES)
    assert (await journey.walked(settings)).has_redirect_location
    assert journey.went == list(STAGES)
    assert journey.said == "matricule=1983081246785&level=high&card=1&decision=log-in"


async def test_somebody_whom_the_provider_remembers_sees_no_page(settings):
    journey = Journey(**{**STAGES, "provider_authorize": (303, f"{GATEWAY}/callback?code=c")})
    assert (await journey.walked(settings)).has_redirect_location
    assert journey.went == ["gateway_luxtrust", "provider_authorize", "gateway_callback"]


async def test_what_the_gateway_refuses_is_its_answer(settings):
    assert (await Journey(gateway_luxtrust=(503, "{}")).walked(settings)).status_code == 503
    assert (await Journey(**{**STAGES, "gateway_callback": (409, "{}")}).walked(settings)).status_code == 409


@pytest.mark.parametrize("stage", ["gateway_luxtrust", "provider_authorize", "provider_login"])
@pytest.mark.parametrize("elsewhere", ["http://127.0.0.1:8081/api", "https://elsewhere.example/", "//elsewhere.example/"])
async def test_a_redirect_to_anybody_else_is_not_followed(settings, stage, elsewhere):
    journey = Journey(**{**STAGES, stage: (302, elsewhere)})
    with pytest.raises(Astray, match="elsewhere than to"):
        await journey.walked(settings)
    assert "gateway_callback" not in journey.went


async def test_a_provider_without_a_page_leads_nowhere(settings):
    with pytest.raises(Astray, match="answered 503 and no page"):
        await Journey(**{**STAGES, "provider_authorize": (503, "away")}).walked(settings)
