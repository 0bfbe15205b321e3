"""A provider at its address, with the one client it knows: the eSpace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from espace_identity_provider.domain.login import Login
from espace_identity_provider.domain.provider import Provider

TOKEN_LIFETIME = timedelta(minutes=5)
LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True, kw_only=True)
class Client:
    """The eSpace as it is registered. Addresses are compared character by character."""

    id: str
    secret: str
    redirect_uri: str
    post_logout_redirect_uri: str
    backchannel_logout_uri: str


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """`url` is the issuer identifier, which `iss` repeats everywhere."""

    provider: Provider
    url: str
    client: Client

    def subject_of(self, login: Login) -> str:
        """The person's lasting name at this provider; at eIDAS it changes with the card."""
        known_by = login.person.matricule if self.provider.knows_the_matricule else login.card.identifies(login.person)
        return str(uuid5(NAMESPACE_URL, f"{self.url}#{known_by}"))

    def id_token(self, login: Login, nonce: str | None, now: datetime) -> Mapping[str, Any]:
        """What the ID token says (OpenID Connect Core 1.0, section 2)."""
        person = login.person
        return {
            **self._token(login, now),
            **({"nonce": nonce} if nonce is not None else {}),
            "auth_time": int(login.at.timestamp()),
            "acr": login.level.value,
            "amr": list(self.provider.amr),
            "given_name": person.given_name,
            "family_name": person.family_name,
            "birthdate": person.date_of_birth.isoformat(),
            **(
                {"matricule": person.matricule}
                if self.provider.knows_the_matricule
                else {"person_identifier": login.card.identifies(person)}
            ),
        }

    def logout_token(self, login: Login, token_id: UUID, now: datetime) -> Mapping[str, Any]:
        """What the logout token says (OpenID Connect Back-Channel Logout 1.0, section 2.4)."""
        return {**self._token(login, now), "jti": str(token_id), "events": {LOGGED_OUT: {}}}

    def _token(self, login: Login, now: datetime) -> Mapping[str, Any]:
        return {
            "iss": self.url,
            "sub": self.subject_of(login),
            "aud": self.client.id,
            "iat": int(now.timestamp()),
            "exp": int((now + TOKEN_LIFETIME).timestamp()),
            "sid": login.session,
        }
