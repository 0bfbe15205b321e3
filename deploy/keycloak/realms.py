#!/usr/bin/env python3
"""Writes the three realms that Keycloak imports: what the development provider is to the embedded stack, for containers.

Run `.venv/bin/python deploy/keycloak/realms.py` after a change here or of the demo persons; the three files are committed. Keycloak puts
the variables ESPACE_PUBLIC_URL, ESPACE_CLIENT_SECRET and ESPACE_DEMO_PASSWORD in their places when it imports them.
"""  # a script beside what it writes

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from espace_cns_core.domain.demo_persons import demo_persons
from espace_cns_core.domain.person import Person as OnFile
from espace_identity_provider.domain.person import Card, Person
from espace_identity_provider.domain.provider import PROVIDERS, Provider

HERE = Path(__file__).parent
FLOW = "browser with a level of assurance"
_ONE_LEVEL = 1
_SESSION_S = 8 * 3600
Json = dict[str, Any]


def realm(provider: Provider) -> Json:
    """One provider: whoever knows the password of the demo is known at its level."""
    return {
        "realm": provider.id,
        "displayName": f"{provider.name} (development)",
        "enabled": True,
        "sslRequired": "external",
        "registrationAllowed": False,
        "loginWithEmailAllowed": False,
        "internationalizationEnabled": True,
        "supportedLocales": ["fr", "de", "en"],
        "defaultLocale": "fr",
        "defaultSignatureAlgorithm": "ES256",
        "ssoSessionMaxLifespan": _SESSION_S,
        "accessCodeLifespan": 60,
        "attributes": {"acr.loa.map": json.dumps({provider.level.value: _ONE_LEVEL})},
        "browserFlow": FLOW,
        "authenticationFlows": list(flows()),
        "authenticatorConfig": [
            {"alias": "the one level", "config": {"loa-condition-level": str(_ONE_LEVEL), "loa-max-age": str(_SESSION_S)}},
        ],
        "components": {"org.keycloak.userprofile.UserProfileProvider": [profile(provider)]},
        "clients": [client(provider)],
        "users": [user(provider, person) for person in demo_persons()],
    }


def flows() -> tuple[Json, ...]:
    """A session that is there already, or name and password. Keycloak says a level in `acr` only where a flow has a condition on it."""
    return (
        flow(FLOW, [step("auth-cookie", "ALTERNATIVE"), part("who the person is", "ALTERNATIVE")], top=True),
        flow("who the person is", [part("at the one level", "CONDITIONAL")]),
        flow(
            "at the one level",
            [
                {**step("conditional-level-of-authentication", "REQUIRED"), "authenticatorConfig": "the one level"},
                step("auth-username-password-form", "REQUIRED"),
            ],
        ),
    )


def flow(alias: str, executions: list[Json], *, top: bool = False) -> Json:
    """A flow with its steps in order."""
    ordered = [{**execution, "priority": priority} for priority, execution in enumerate(executions, 1)]
    return {"alias": alias, "providerId": "basic-flow", "topLevel": top, "builtIn": False, "authenticationExecutions": ordered}


def step(authenticator: str, requirement: str) -> Json:
    """A step of a flow."""
    return {"authenticator": authenticator, "requirement": requirement, "authenticatorFlow": False, "userSetupAllowed": False}


def part(alias: str, requirement: str) -> Json:
    """A flow within a flow."""
    return {"flowAlias": alias, "requirement": requirement, "authenticatorFlow": True, "userSetupAllowed": False}


def profile(provider: Provider) -> Json:
    """What is known of a person. Keycloak insists on an e-mail address here; nobody has one, since it is the eSpace's to ask for."""
    names = ["username", "email", "firstName", "lastName", "birthdate", identifying_claim(provider)]
    rights = {"view": ["admin", "user"], "edit": ["admin"]}
    described = {"attributes": [{"name": name, "permissions": rights, "multivalued": False} for name in names]}
    return {"providerId": "declarative-user-profile", "config": {"kc.user.profile.config": [json.dumps(described)]}}


def client(provider: Provider) -> Json:
    """The eSpace, with its addresses to the letter."""
    espace = "${ESPACE_PUBLIC_URL}"
    return {
        "clientId": "espace",
        "name": "My insured eSpace",
        "enabled": True,
        "protocol": "openid-connect",
        "publicClient": False,
        "clientAuthenticatorType": "client-secret",
        "secret": "${ESPACE_CLIENT_SECRET}",
        "standardFlowEnabled": True,
        "implicitFlowEnabled": False,
        "directAccessGrantsEnabled": False,
        "serviceAccountsEnabled": False,
        "fullScopeAllowed": False,
        "frontchannelLogout": False,
        "redirectUris": [f"{espace}/api/v1/login/callback/{provider.id}"],
        "webOrigins": [],
        "attributes": {
            "pkce.code.challenge.method": "S256",
            "id.token.signed.response.alg": "ES256",
            "post.logout.redirect.uris": f"{espace}/",
            "backchannel.logout.url": f"{espace}/api/v1/login/backchannel-logout/{provider.id}",
            "backchannel.logout.session.required": "true",
        },
        "protocolMappers": [mapper("birthdate"), mapper(identifying_claim(provider))],
    }


def mapper(claim: str) -> Json:
    """A claim of the ID token, from the person's attribute of the same name."""
    return {
        "name": claim,
        "protocol": "openid-connect",
        "protocolMapper": "oidc-usermodel-attribute-mapper",
        "config": {"user.attribute": claim, "claim.name": claim, "jsonType.label": "String", "id.token.claim": "true"},
    }


def user(provider: Provider, on_file: OnFile) -> Json:
    """A demo person, who logs in with the matricule as the name."""
    known = on_file.identity
    person = Person(known.matricule, known.given_name, known.family_name, known.date_of_birth)
    named = known.matricule if provider.knows_the_matricule else Card().identifies(person)
    return {
        "username": known.matricule,
        "enabled": True,
        "firstName": known.given_name,
        "lastName": known.family_name,
        "attributes": {"birthdate": [known.date_of_birth.isoformat()], identifying_claim(provider): [named]},
        "credentials": [{"type": "password", "value": "${ESPACE_DEMO_PASSWORD}", "temporary": False}],
    }


def identifying_claim(provider: Provider) -> str:
    """What says who the person is."""
    return "matricule" if provider.knows_the_matricule else "person_identifier"


def files() -> dict[Path, str]:
    """What each file holds."""
    return {HERE / f"{provider.id}-realm.json": f"{json.dumps(realm(provider), indent=2, ensure_ascii=False)}\n" for provider in PROVIDERS}


if __name__ == "__main__":
    for file, text in files().items():
        file.write_text(text, encoding="utf-8")
