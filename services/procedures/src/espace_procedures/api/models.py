"""What the routes take and show."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from espace_contracts.vocabulary import Locale, ProcedureKind, ProcedureStatus
from espace_procedures.domain.conversation import MAX_CHARACTERS
from espace_procedures.domain.status import Action, Actor, Ending


class StartRequest(BaseModel):
    """Which procedure to start."""

    kind: ProcedureKind
    locale: Locale = Field(description="the person's language; the procedure speaks it, and so do its documents")


class AnswersRequest(BaseModel):
    """All answers of a draft; those that are not sent are forgotten."""

    answers: dict[str, JsonValue] = Field(description="texts by question name; null or an empty text is no answer")


class SubmitRequest(BaseModel):
    """How to be answered."""

    locale: Locale | None = Field(None, description="the person's language now, when it is no longer that of the start")


class MessageRequest(BaseModel):
    """What the CNS should know."""

    text: str = Field(description=f"at most {MAX_CHARACTERS} characters")


class ChoiceShown(BaseModel):
    """An answer to choose."""

    value: str
    label: str


class QuestionShown(BaseModel):
    """One thing the procedure asks."""

    name: str = Field(description="the key under answers")
    type: str = Field(
        description="text, iban, bic, country (ISO 3166-1 alpha-2), date (ISO 8601), choice (one of the choices), consent (yes), "
        "persons (values of the choices with a space between), phone, or slot (start of a free time of the agency, ISO 8601 with offset)"
    )
    label: str
    hint: str
    required: bool = Field(description="an answer is always needed")
    required_when: str | None = Field(description="when an answer is needed although it is not always")
    max_length: int = Field(description="characters an answer may have")
    choices: list[ChoiceShown] = Field(
        description="the answers to choose from; empty when any may be typed. Persons are named with a person's own procedure alone"
    )


class RoleShown(BaseModel):
    """A file the procedure asks for."""

    role: str
    label: str
    hint: str
    compulsory: bool = Field(description="while it is expected and missing, nothing is forwarded; any other the CNS asks for")


class CatalogueRoleShown(RoleShown):
    """A file the procedure asks for, and what is taken."""

    expected: bool = Field(description="always needed")
    expected_when: str | None = Field(description="when it is needed although it is not always")
    media_types: list[str]
    max_bytes: int


class CatalogueEntry(BaseModel):
    """A procedure that can be started."""

    kind: ProcedureKind
    title: str
    about: str
    wants_fresh_login: bool = Field(description="forwarding wants a login that is a few minutes old at most")
    questions: list[QuestionShown]
    attachments: list[CatalogueRoleShown]
    max_attachments: int


class CatalogueShown(BaseModel):
    """What the eSpace offers, in one language."""

    procedures: list[CatalogueEntry]


class AttachmentShown(BaseModel):
    """A file of the draft; its own name is not kept."""

    id: UUID
    role: str
    media_type: str
    size: int = Field(description="bytes")
    sha256: str


class FindingShown(BaseModel):
    """What is wrong or odd in an answer."""

    field: str = Field(description="a question's name, or an attachment's role")
    detail: str = Field(description="what to do, in the person's language")


class CorrectionShown(BaseModel):
    """What the CNS asked to correct."""

    submission: int
    reason: str
    at: datetime


class MoveShown(BaseModel):
    """One step of the procedure's life."""

    status: ProcedureStatus
    status_label: str
    actor: Actor
    at: datetime
    submission: int = Field(description="how many submissions there were by then")
    reason: str | None


class ProcedureSummary(BaseModel):
    """A procedure in the person's list."""

    id: UUID
    reference: str = Field(description="what to call it by on the telephone")
    kind: ProcedureKind
    title: str
    status: ProcedureStatus
    status_label: str
    outcome: Ending | None
    actions: list[Action] = Field(description="what the person may do now")
    started_at: datetime
    moved_at: datetime
    expires_on: date | None = Field(description="the day a draft is deleted unless it is changed before; null once it was forwarded")
    unread_messages: int = Field(description="messages of the CNS that were not read yet")
    version: int = Field(description="goes into If-Match; the ETag is the same number between quotation marks")


class ProceduresShown(BaseModel):
    """A person's procedures, the one that moved last first."""

    procedures: list[ProcedureSummary]
    next_cursor: str | None = Field(description="goes into `cursor` for those that follow; null when these are the last")


class ProcedureShown(ProcedureSummary):
    """A procedure, whole."""

    locale: Locale
    questions: list[QuestionShown] = Field(description="as in the catalogue, with the persons to choose from")
    answers: dict[str, str]
    on_file: dict[str, str] = Field(description="what the CNS had on file at the start, by the question it stands beside; IBAN masked")
    attachments: list[AttachmentShown]
    missing_attachments: list[RoleShown] = Field(description="files the CNS will ask for; empty when nothing is missing")
    errors: list[FindingShown] = Field(description="what keeps the answers from being forwarded")
    warnings: list[FindingShown] = Field(description="what to look at again; it may be forwarded all the same")
    corrections: list[CorrectionShown]
    submissions: int = Field(description="how often it was forwarded")
    history: list[MoveShown]


class MessageShown(BaseModel):
    """What the person or the CNS wrote."""

    id: UUID
    author: Actor
    text: str
    at: datetime
    unread: bool = Field(description="the CNS wrote it, and it was not marked as read")
    read_at: datetime | None = Field(description="when it was first marked as read; null for the person's own")


class MessagesShown(BaseModel):
    """The messages about a procedure, in the order they arrived."""

    messages: list[MessageShown]
    unread: int
