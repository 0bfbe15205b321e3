from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network
from typing import Self

from pydantic import Field, HttpUrl, model_validator

from espace_kernel.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the gateway reads from its environment. It has no database."""

    port: int = 8080
    public_url: HttpUrl = Field(HttpUrl("http://127.0.0.1:8080"), description="the address persons open")
    proxies: tuple[IPv4Network | IPv6Network, ...] = Field(
        (), description='networks of our own proxies, as JSON: ["10.1.0.0/16"]; theirs is the only X-Forwarded-For that is believed'
    )
    rate_limits: bool = Field(
        True, description="false on a machine of tests and measurements alone, where all persons share one address and look every moment"
    )
    records_url: str = "http://127.0.0.1:8102"
    procedures_url: str = "http://127.0.0.1:8103"
    documents_url: str = "http://127.0.0.1:8104"

    @model_validator(mode="after")
    def _real_persons_are_protected(self) -> Self:
        if self.public_url.scheme == "https" and not self.rate_limits:
            raise ValueError("ESPACE_RATE_LIMITS=false is for tests on http alone. Leave it out where persons come over https.")
        return self
