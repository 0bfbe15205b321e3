from __future__ import annotations

from pydantic import Field

from espace_kernel.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the service reads from its environment."""

    port: int = 8103
    scanner: str | None = Field(
        None, pattern=r"^.+:[0-9]{1,5}$", description="where clamd scans attachments, as host:port; without it nothing is scanned"
    )
