"""What an open page is told at once. Ids and moments travel; what happened is read in the lists and the procedure itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import ClassVar
from uuid import UUID

from espace_contracts.vocabulary import DocumentType, ProcedureStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that a page shows without being loaded again. `name` is the event's, as a page listens for it."""

    name: ClassVar[str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusMoved(News):
    """A procedure has another status."""

    name = "status"
    procedure: UUID
    status: ProcedureStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageArrived(News):
    """The fund wrote about a procedure."""

    name = "message"
    procedure: UUID
    message: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentArrived(News):
    """A document lies in the eSpace."""

    name = "document"
    document: UUID
    document_type: DocumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftExpires(News):
    """A draft will be deleted."""

    name = "draft-expiring"
    procedure: UUID
    expires_on: date


class Farewell(Enum):
    """Why no more news comes. The page may come back at once: if the session has ended, that is what it hears then."""

    SESSION_ENDED = "session-ended"
    STOPPING = "stopping"
