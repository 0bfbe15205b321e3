from __future__ import annotations

from pydantic import Field

from espace_kernel.settings import ServiceSettings


class Settings(ServiceSettings):
    """What only documents reads from the environment."""

    port: int = 8104
    rendering_workers: int = Field(2, ge=1, description="processes that typeset, one document at a time each; as many as cores")
    rendering_time_limit_s: float = Field(10, gt=0, description="seconds a document may take before it is given up")
    rendering_memory_limit_mb: int = Field(400, ge=200, description="address space of a worker, in MB")
