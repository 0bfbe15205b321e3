from __future__ import annotations

from pydantic import Field, HttpUrl, field_validator

from espace_kernel.settings import ServiceSettings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class Settings(ServiceSettings):
    """What identity reads from its environment."""

    port: int = 8101
    public_url: HttpUrl = Field(HttpUrl("http://127.0.0.1:8080"), description="the address persons open, to which the cookie belongs")
    demo_login: bool = Field(False, description="let anybody who knows a matricule log in as its person: for a demo only")

    @field_validator("public_url")
    @classmethod
    def _never_in_clear(cls, url: HttpUrl) -> HttpUrl:
        if url.scheme != "https" and url.host not in _LOOPBACK:
            raise ValueError("ESPACE_PUBLIC_URL must begin with https://. Plain http is for this machine alone: 127.0.0.1 or localhost.")
        return url
