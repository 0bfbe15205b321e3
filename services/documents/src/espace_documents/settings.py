from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, HttpUrl
from pydantic_settings import NoDecode

from espace_documents.domain.ladder import DEFAULT_LADDERS, Ladder, Ladders, UnreadClass
from espace_kernel.settings import ServiceSettings


def _table(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        raise ValueError("The unread ladder is no JSON. Write it as docs/runbooks/README.md shows it, or leave it away.") from None


class Settings(ServiceSettings):
    """What only documents reads from the environment."""

    port: int = 8104
    rendering_workers: int = Field(2, ge=1, description="processes that typeset, one document at a time each; as many as cores")
    rendering_time_limit_s: int = Field(10, ge=1, description="seconds of processor time a document may take before it is given up")
    sealing_processes: int = Field(1, ge=1, description="processes that seal; more pay only where they wait for a time-stamp authority")
    time_stamp_authority: HttpUrl | None = Field(
        None, description="where to get time stamps (RFC 3161); without, seals are PAdES B-B, else B-T"
    )
    seal_device: str | None = Field(
        None, description="the PKCS#11 library of the device that holds the seal's key; without, the key is the secret documents-seal.key"
    )
    seal_device_token: str = Field("", description="the label of the token in that device; the secret documents-seal.pin opens it")
    seal_device_key: str = Field("", description="the label of the key in that token")
    seal_device_environment: tuple[str, ...] = Field((), description="environment variables that the library itself reads, by name")
    rendering_memory_limit_mb: int = Field(400, ge=200, description="address space of a worker, in MB")
    unread_ladder: Annotated[dict[UnreadClass, Ladder], NoDecode, BeforeValidator(_table)] = Field(
        default_factory=dict,
        description="JSON: after how long unread documents of a class are reminded of and sent on paper, as ISO 8601 durations; a class"
        " that is not named keeps its default",
    )

    @property
    def ladders(self) -> Ladders:
        """The unread ladder of each class in this deployment."""
        return {**DEFAULT_LADDERS, **self.unread_ladder}
