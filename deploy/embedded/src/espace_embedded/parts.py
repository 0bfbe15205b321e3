import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from espace_embedded.providers import providers
from espace_embedded.settings import Settings


@dataclass(frozen=True)
class Service:
    """A part of ours that runs as a process of its own and answers /readyz on its port."""

    name: str
    about: str
    extra: Mapping[str, str] = field(default_factory=dict)
    """Variables only this service reads; `{state}` and `{port_...}` stand for the settings' values, `{providers}` for the three ways in."""
    command: tuple[str, ...] = ()

    def command_line(self) -> list[str]:
        """How it is started."""
        return list(self.command) or [sys.executable, "-m", f"espace_{self.name.replace('-', '_')}"]


SERVICES = (
    Service("cns-core", "the stand-in for the fund's core systems"),
    Service(
        "identity-provider",
        "the stand-in for LuxTrust, eID and eIDAS, where anybody logs in as anybody",
        {"ESPACE_PUBLIC_URL": "http://127.0.0.1:{port_gateway}"},
    ),
    Service(
        "identity",
        "accounts, login, mandates and signed internal tokens",
        {"ESPACE_PUBLIC_URL": "http://127.0.0.1:{port_gateway}", "ESPACE_PROVIDERS": "{providers}"},
    ),
    Service("records", "my data"),
    Service("procedures", "drafts, submissions and corrections"),
    Service("documents", "documents, their delivery and their archive"),
    Service(
        "notifications",
        "notices by e-mail and text message, and letters for the printer",
        {
            "ESPACE_SMTP_PORT": "{port_mail}",
            "ESPACE_BOUNCES": "{state}/bounces",
            "ESPACE_SMS_URL": "http://127.0.0.1:{port_sms}/messages",
            "ESPACE_SMS_AT_NIGHT": "true",
            "ESPACE_PRINT_SPOOL": "{state}/print",
        },
    ),
    Service("gateway", "the public API", {"ESPACE_PUBLIC_URL": "http://127.0.0.1:{port_gateway}", "ESPACE_RATE_LIMITS": "{rate_limits}"}),
)
"""In the order of starting; stopped in reverse."""

OUTSIDERS = frozenset({"identity-provider"})
"""Stands for somebody else's system: it has no secret with which a service of ours asks for a token."""

FOUNDATIONS = {
    "kafka": "the message broker",
    "kafka-controller": "the message broker's controller",
    "store": "the document store",
    "mail": "the e-mail sink",
    "sms": "the sink of text messages",
}
"""What listens beneath the services, by the name of its port."""


def environment(settings: Settings, service: Service) -> dict[str, str]:
    """The variables that a service is started with."""
    addresses = {f"ESPACE_{other.name.replace('-', '_').upper()}_URL": url(settings, other.name) for other in SERVICES}
    values = {**settings.model_dump(), "providers": providers(url(settings, "identity-provider"))}
    return {
        "ESPACE_KAFKA": f"127.0.0.1:{settings.port_kafka}",
        "ESPACE_MONGODB": f"mongodb://127.0.0.1:{settings.port_store}",
        "ESPACE_HOST": "127.0.0.1",
        "ESPACE_PORT": str(settings.port(service.name)),
        "ESPACE_INSTANCE": service.name,  # the only replica, so a restarted one goes on at once
        "ESPACE_SECRETS": str(settings.state / "secrets"),
        **addresses,
        **{name: value.format(**values) for name, value in service.extra.items()},
    }


def url(settings: Settings, service: str) -> str:
    """Where a service answers HTTP."""
    return f"http://127.0.0.1:{settings.port(service)}"
