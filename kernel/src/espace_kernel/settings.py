"""What a service reads from its environment, the same names in every service."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Environment variables with the prefix ESPACE_. A service subclasses this for what only it needs.

    Secrets are files in `secrets`, never values in the environment of a process list.
    """

    model_config = SettingsConfigDict(env_prefix="ESPACE_", extra="ignore")

    kafka: str = Field("127.0.0.1:9192", description="the broker's bootstrap address")
    mongodb: str = Field("mongodb://127.0.0.1:27117", description="the document store's address")
    host: str = "127.0.0.1"
    port: int
    identity_url: str = "http://127.0.0.1:8101"
    secrets: Path = Field(Path(".espace/secrets"), description="folder of secret files, readable by the service alone")
    instance: str | None = Field(
        None,
        description="this replica's lasting name in its consumer group: started again under it, it goes on at once where it was killed",
    )
    log_level: str = "INFO"
    concurrency: int = Field(16, ge=1, description="how many persons' events are handled at once")
    body_limit: int = Field(12 * 1024 * 1024, description="bytes a request body may have")

    def secret(self, name: str) -> str:
        """The content of a secret file. Raises FileNotFoundError naming the file, never its content."""
        return (self.secrets / name).read_text(encoding="utf-8").strip()
