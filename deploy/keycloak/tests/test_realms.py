"""The realms that Keycloak imports do what the development provider does. That Keycloak agrees is for prove.py to show."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from espace_cns_core.domain.demo_persons import demo_persons
from espace_identity_provider.domain.provider import PROVIDERS, Provider

HERE = Path(__file__).parents[1]


def realm_of(provider: Provider) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((HERE / f"{provider.id}-realm.json").read_text(encoding="utf-8"))
    return content


def test_the_files_are_what_the_script_writes_now():
    written = runpy.run_path(str(HERE / "realms.py"))["files"]()
    assert {file.name: file.read_text(encoding="utf-8") for file in HERE.glob("*-realm.json")} == {
        file.name: text for file, text in written.items()
    }, "Run .venv/bin/python deploy/keycloak/realms.py and look through the difference."


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_the_espace_is_the_only_client_and_comes_by_the_code_flow_with_pkce(provider: Provider):
    realm = realm_of(provider)
    (client,) = realm["clients"]
    assert realm["realm"] == provider.id
    assert client["redirectUris"] == ["${ESPACE_PUBLIC_URL}/api/v1/login/callback/" + provider.id]
    assert "*" not in json.dumps(client)
    assert client["attributes"]["pkce.code.challenge.method"] == "S256"
    assert client["attributes"]["id.token.signed.response.alg"] == "ES256"
    assert client["attributes"]["post.logout.redirect.uris"] == "${ESPACE_PUBLIC_URL}/"
    assert client["attributes"]["backchannel.logout.url"].endswith(f"/api/v1/login/backchannel-logout/{provider.id}")
    assert not client["publicClient"]
    assert not any(client[flow] for flow in ("implicitFlowEnabled", "directAccessGrantsEnabled", "serviceAccountsEnabled"))


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_every_demo_person_is_known_by_what_the_espace_recognises_them_by(provider: Provider):
    realm = realm_of(provider)
    claim = "matricule" if provider.knows_the_matricule else "person_identifier"
    assert {user["username"] for user in realm["users"]} == {person.identity.matricule for person in demo_persons()}
    for user in realm["users"]:
        (named,) = user["attributes"][claim]
        assert named == user["username"] if provider.knows_the_matricule else re.fullmatch(r"FR/LU/[0-9a-f]{16}", named)
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", user["attributes"]["birthdate"][0])
    assert {mapper["config"]["claim.name"] for mapper in realm["clients"][0]["protocolMappers"]} == {"birthdate", claim}


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_the_level_of_the_realm_is_the_providers(provider: Provider):
    realm = realm_of(provider)
    assert json.loads(realm["attributes"]["acr.loa.map"]) == {provider.level.value: 1}
    assert realm["browserFlow"] in {flow["alias"] for flow in realm["authenticationFlows"]}


def test_no_secret_is_in_a_file():
    for file in HERE.glob("*-realm.json"):
        secrets = re.findall(r'"(?:secret|value)": "([^"]*)"', file.read_text(encoding="utf-8"))
        assert set(secrets) == {"${ESPACE_CLIENT_SECRET}", "${ESPACE_DEMO_PASSWORD}"}
