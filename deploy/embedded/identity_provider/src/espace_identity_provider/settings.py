from __future__ import annotations

from ipaddress import ip_address

from pydantic import Field, HttpUrl, field_validator

from espace_kernel.settings import ServiceSettings

CLIENT_SECRET = "login-providers.secret"  # noqa: S105 - the name of a file
"""The secret that the eSpace shares with each of the three providers."""


class Settings(ServiceSettings):
    """What the stand-ins read from their environment."""

    port: int = 8108
    public_url: HttpUrl = Field(HttpUrl("http://127.0.0.1:8080"), description="the eSpace, to which alone a login is told")
    cns_core_url: str = Field("http://127.0.0.1:8109", description="the fund's stand-in, which knows the persons")

    @field_validator("host")
    @classmethod
    def _for_this_machine_alone(cls, host: str) -> str:
        if host != "localhost" and not _is_loopback(host):
            raise ValueError(
                "The development provider lets anybody log in as anybody, so it listens on this machine's loopback address alone: "
                "set ESPACE_HOST to 127.0.0.1, or run a real provider."
            )
        return host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
