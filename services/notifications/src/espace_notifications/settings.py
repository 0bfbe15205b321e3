from __future__ import annotations

from pathlib import Path

from pydantic import Field

from espace_kernel.settings import ServiceSettings


class Settings(ServiceSettings):
    """What notifications reads from its environment."""

    port: int = 8105
    documents_url: str = "http://127.0.0.1:8104"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 8125
    mail_sender: str = Field("noreply@espace.test", description="the address notices come from")
    print_spool: Path = Field(Path(".espace/print"), description="folder where the printer finds print runs; one for all replicas")
    print_run_seconds: float = Field(2.0, gt=0, description="how long the first letter in the queue waits for others")
