from __future__ import annotations

from pydantic import Field

from espace_kernel.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the stand-in reads from its environment."""

    port: int = 8109
    auto_decide: bool = Field(True, description="decide by rule as soon as a submission arrives; false: wait for a command")
