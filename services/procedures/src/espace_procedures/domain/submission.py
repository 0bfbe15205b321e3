from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace_procedures.domain.attachments import Attachment


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a person forwarded, word for word; kept for ever. Its id comes from the request, so that a repeat is recognised."""

    id: UUID
    number: int
    answers: dict[str, str]
    attachments: tuple[Attachment, ...]
    at: datetime
