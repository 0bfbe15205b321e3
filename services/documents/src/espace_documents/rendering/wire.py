"""What passes between the pool and a worker: frames of four bytes of length and a payload, over the worker's stdin and stdout.

The worker first sends one answer: ready, or why it cannot work. Then each request is answered once, in order.
A rendered answer is followed by a frame with the PDF.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import BinaryIO

from espace_documents.rendering.request import Addressee, RenderingRequest

LENGTH_BYTES = 4


class Outcome(StrEnum):
    """How a worker answers."""

    READY = "ready"
    UNFIT = "unfit"
    """The worker cannot start; the detail says why."""
    RENDERED = "rendered"
    REFUSED = "refused"
    """The document will never render; the detail says why."""
    EXHAUSTED = "exhausted"
    """The document asked for more memory than it may have; the worker leaves."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``pages`` and ``title`` are a rendered document's."""

    outcome: Outcome
    detail: str = ""
    pages: int = 0
    title: str = ""

    def encoded(self) -> bytes:
        """As a payload."""
        return json.dumps(asdict(self)).encode()


def answer_from(payload: bytes) -> Answer:
    """The answer in a payload."""
    fields = json.loads(payload)
    return Answer(Outcome(fields["outcome"]), fields["detail"], fields["pages"], fields["title"])


def encoded(request: RenderingRequest) -> bytes:
    """The request as a payload."""
    return json.dumps({**asdict(request), "issued_on": request.issued_on.isoformat()}).encode()


def request_from(payload: bytes) -> RenderingRequest:
    """The request in a payload."""
    fields = json.loads(payload)
    recipient = fields.pop("recipient")
    return RenderingRequest(
        **fields | {"issued_on": date.fromisoformat(fields["issued_on"])},
        recipient=Addressee(recipient["name"], tuple(recipient["lines"]), recipient["country"]),
    )


def framed(payload: bytes) -> bytes:
    """The payload with its length before it."""
    return len(payload).to_bytes(LENGTH_BYTES) + payload


def payloads(stream: BinaryIO) -> Iterator[bytes]:
    """The payloads that arrive until the other side closes the stream or dies."""
    while len(length := stream.read(LENGTH_BYTES)) == LENGTH_BYTES:
        yield stream.read(int.from_bytes(length))
