from __future__ import annotations

from pydantic import Field, HttpUrl

from espace_kernel.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the gateway reads from its environment. It has no database and reads no topic."""

    port: int = 8080
    public_url: HttpUrl = Field(HttpUrl("http://127.0.0.1:8080"), description="the address persons open")
    records_url: str = "http://127.0.0.1:8102"
    procedures_url: str = "http://127.0.0.1:8103"
    documents_url: str = "http://127.0.0.1:8104"
