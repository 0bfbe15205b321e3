"""Messages as they travel, one or more for each contract. Whoever writes or reads events is tested with them.

A golden message is never edited: what was sent once must be readable for ever. A new version of a contract, or a new optional
field, gets a new file, and its line in SHA256SUMS.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class GoldenMessage:
    """One record: `headers` are the CloudEvents attributes in Kafka's binary mode, `key` the insured id, `value` JSON in UTF-8."""

    name: str
    headers: dict[str, str]
    key: str
    value: bytes


def messages() -> Iterator[GoldenMessage]:
    """Every golden message, by name: the event's type, then the variant if there are several."""
    for file in sorted(files(__name__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".json"):
            record = json.loads(file.read_bytes())
            value = json.dumps(record["value"], ensure_ascii=False, separators=(",", ":")).encode()
            yield GoldenMessage(file.name.removesuffix(".json"), record["headers"], record["key"], value)
