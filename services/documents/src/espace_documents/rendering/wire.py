"""What passes between the pool and a worker: frames of four bytes of length and a payload, over the worker's stdin and stdout.

The worker first says that it is ready, or why it is unfit. Then it answers each request once, in order; a rendered answer is
followed by a frame with the PDF. Nothing is pickled: what a worker sends is data and cannot become code in the service.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, BinaryIO

from espace_documents.rendering.request import Addressee, RenderingRequest

LENGTH_BYTES = 4


class Outcome(StrEnum):
    """How a worker answers."""

    READY = "ready"
    UNFIT = "unfit"
    RENDERED = "rendered"
    REFUSED = "refused"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``detail`` says why the worker is unfit or the document refused; ``pages`` and ``title`` are a rendered document's."""

    outcome: Outcome
    detail: str = ""
    pages: int = 0
    title: str = ""

    def encoded(self) -> bytes:
        """As a payload."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decoded(cls, payload: bytes) -> Answer:
        """From a payload."""
        fields = json.loads(payload)
        return cls(Outcome(fields["outcome"]), fields["detail"], fields["pages"], fields["title"])


def encoded(request: RenderingRequest) -> bytes:
    """The request as a payload."""
    return json.dumps(request.data()).encode()


def request_from(fields: dict[str, Any]) -> RenderingRequest:
    """The request in the JSON object of a payload, or of a sample."""
    recipient = fields["recipient"]
    return RenderingRequest(
        document_type=fields["document_type"],
        locale=fields["locale"],
        reference=fields["reference"],
        issued_on=date.fromisoformat(fields["issued_on"]),
        recipient=Addressee(recipient["name"], tuple(recipient["lines"]), recipient["country"]),
        content=fields["content"],
        verification=fields.get("verification"),
    )


def framed(payload: bytes) -> bytes:
    """The payload with its length before it."""
    return len(payload).to_bytes(LENGTH_BYTES, "big") + payload


def payloads(stream: BinaryIO) -> Iterator[bytes]:
    """The payloads that arrive until the other side closes the stream or dies."""
    while len(length := stream.read(LENGTH_BYTES)) == LENGTH_BYTES:
        yield stream.read(int.from_bytes(length, "big"))
