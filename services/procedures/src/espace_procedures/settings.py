from __future__ import annotations

from espace_kernel.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the service reads from its environment."""

    port: int = 8103
