from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, HttpUrl, field_validator, model_validator
from pydantic_settings import NoDecode

from espace_identity.domain.assurance import LOW, SUBSTANTIAL, is_level
from espace_identity.domain.provider import PROVIDERS
from espace_kernel.settings import ServiceSettings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class MaintenanceWindow(BaseModel):
    """When a provider says that it will not answer; persons are told a day ahead."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    start: AwareDatetime
    end: AwareDatetime


class ProviderSettings(BaseModel):
    """One provider of logins, as it was agreed with it. Exactly one of the two claims says who the person is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(description="luxtrust, eid or eidas")
    issuer: str = Field(description="the issuer identifier, to the letter; its metadata are at <issuer>/.well-known/openid-configuration")
    client_id: str = Field(min_length=1)
    client_secret_file: str = Field(pattern=r"^[A-Za-z0-9._-]+$", description="a file in ESPACE_SECRETS")
    acr_values: tuple[str, ...] = Field((SUBSTANTIAL,), min_length=1, description="eIDAS levels to ask for, the preferred one first")
    matricule_claim: str | None = Field(None, description="the claim that holds the matricule, at a national provider")
    person_identifier_claim: str | None = Field(None, description="the claim that holds the eIDAS PersonIdentifier")
    maintenance: MaintenanceWindow | None = None

    @field_validator("id")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in PROVIDERS:
            raise ValueError(f"The eSpace knows the providers {', '.join(PROVIDERS)}; give one of these ids.")
        return name

    @field_validator("issuer")
    @classmethod
    def _over_https(cls, issuer: str) -> str:
        url = HttpUrl(issuer)
        if (url.scheme != "https" and url.host not in _LOOPBACK) or url.query or url.fragment or issuer.endswith("/"):
            raise ValueError("An issuer is an https:// address without query, fragment or final slash. http is for this machine alone.")
        return issuer

    @field_validator("acr_values")
    @classmethod
    def _levels(cls, levels: tuple[str, ...]) -> tuple[str, ...]:
        if not all(is_level(level) and level != LOW for level in levels):
            raise ValueError(f"Levels are {SUBSTANTIAL} and its `high`: low never enters the eSpace.")
        return levels

    @model_validator(mode="after")
    def _names_the_person(self) -> Self:
        if (self.matricule_claim is None) == (self.person_identifier_claim is None):
            raise ValueError("A provider names the person by matricule_claim or by person_identifier_claim: set one of the two.")
        return self


class Settings(ServiceSettings):
    """What identity reads from its environment."""

    port: int = 8101
    public_url: HttpUrl = Field(HttpUrl("http://127.0.0.1:8080"), description="the address persons open, to which the cookie belongs")
    providers: Annotated[tuple[ProviderSettings, ...], NoDecode] = Field(
        (), description="the ways to log in: a JSON list, or the path of a file that holds one; see docs/adr/0010"
    )

    @field_validator("public_url")
    @classmethod
    def _never_in_clear(cls, url: HttpUrl) -> HttpUrl:
        if url.scheme != "https" and url.host not in _LOOPBACK:
            raise ValueError("ESPACE_PUBLIC_URL must begin with https://. Plain http is for this machine alone: 127.0.0.1 or localhost.")
        return url

    @field_validator("providers", mode="before")
    @classmethod
    def _read(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        text = value.strip()
        return json.loads(text if text.startswith("[") else Path(text).read_text(encoding="utf-8")) if text else ()

    @field_validator("providers")
    @classmethod
    def _each_once(cls, providers: tuple[ProviderSettings, ...]) -> tuple[ProviderSettings, ...]:
        if len({provider.id for provider in providers}) != len(providers):
            raise ValueError("ESPACE_PROVIDERS names a provider twice. Keep one entry of each.")
        return tuple(sorted(providers, key=lambda provider: PROVIDERS.index(provider.id)))
