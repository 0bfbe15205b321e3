from __future__ import annotations

from pathlib import Path

from pydantic import Field, HttpUrl, field_validator

from espace_kernel.settings import ServiceSettings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class Settings(ServiceSettings):
    """What notifications reads from its environment."""

    port: int = 8105
    documents_url: str = "http://127.0.0.1:8104"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 8125
    mail_sender: str = Field(
        "noreply@espace.test",
        pattern=r"^[A-Za-z0-9._-]{1,31}@[A-Za-z0-9.-]+$",  # in the envelope 33 characters are added to its local part, which may have 64
        description="the address notices come from; what comes back goes to it with +<notice id> before the @",
    )
    bounces: Path = Field(Path(".espace/bounces"), description="Maildir in which the mail server puts what comes back; one for all")
    sms_url: HttpUrl = Field(HttpUrl("http://127.0.0.1:8126/messages"), description="where the gateway of text messages takes them")
    sms_sender: str = Field("CNS", pattern=r"^([A-Za-z0-9 ]{1,11}|\+[0-9]{5,15})$", description="whom text messages come from")
    sms_at_night: bool = Field(False, description="notices by text message go at any hour, not from 8 to 20 o'clock alone: demo and tests")
    print_spool: Path = Field(Path(".espace/print"), description="folder where the printer finds print runs; one for all replicas")
    print_run_seconds: float = Field(2.0, gt=0, description="how long the first letter in the queue waits for others")
    print_cut_offs: str = Field("", description="times of day in Luxembourg, Monday to Friday, like 12:00,16:00, for print_run_seconds")
    print_sftp: str = Field("", description="the printer's server, like sftp://user@host:22/folder, for the folder print_spool")

    @field_validator("sms_url")
    @classmethod
    def _never_in_clear(cls, url: HttpUrl) -> HttpUrl:
        if url.scheme != "https" and url.host not in _LOOPBACK:
            raise ValueError("ESPACE_SMS_URL must begin with https://: numbers and codes go there. Plain http is for this machine alone.")
        return url
