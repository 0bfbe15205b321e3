from pathlib import Path
from typing import Self

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from espace_embedded import ports

ROOT = Path(__file__).parents[4]
BUILD = ROOT / ".espace" / "build"


class Settings(BaseSettings):
    """Where the embedded stack lives and listens; each field is the environment variable ESPACE_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix="ESPACE_", extra="ignore")

    state: Path = Field(ROOT / ".espace", description="all data, logs and secrets of the stack")
    rate_limits: bool = Field(True, description="how often somebody may come to the gateway; off where all persons share one address")
    port_gateway: int = 8080
    port_identity: int = 8101
    port_records: int = 8102
    port_procedures: int = 8103
    port_documents: int = 8104
    port_notifications: int = 8105
    port_identity_provider: int = 8108
    port_cns_core: int = 8109
    port_kafka: int = 9192
    port_kafka_controller: int = 9193
    port_store: int = 27117
    port_mail: int = 8125
    port_sms: int = 8126

    @classmethod
    def on_free_ports(cls, state: Path) -> Self:
        """A stack of its own beside any other, with its state in the folder, for as many persons as come."""
        names = [name for name in cls.model_fields if name.startswith("port_")]
        return cls.model_validate({"state": state, "rate_limits": False, **dict(zip(names, ports.free(len(names)), strict=True))})

    def port(self, part: str) -> int:
        """The port of a part by its name, as `cns-core`."""
        number: int = getattr(self, self.port_field(part))
        return number

    @staticmethod
    def port_field(part: str) -> str:
        """The field that holds the part's port."""
        return f"port_{part.replace('-', '_')}"
