"""What the routes take and show."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from espace_contracts.vocabulary import Locale, Outcome, ProcedureKind, ProcedureStatus
from espace_procedures.domain.status import Action, Actor


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


class ChoiceShown(BaseModel):
    """An answer to choose."""

    value: str
    label: str


class QuestionShown(BaseModel):
    """One thing the procedure asks."""

    name: str = Field(description="the key under answers")
    type: str = Field(description="text, iban, bic, country (ISO 3166-1 alpha-2) or date (ISO 8601)")
    label: str
    hint: str
    required: bool = Field(description="an answer is always needed")
    required_when: str | None = Field(description="when an answer is needed although it is not always")
    max_length: int = Field(description="characters an answer may have")
    choices: list[ChoiceShown] = Field(description="the answers to choose from; empty when any may be typed")


class RoleShown(BaseModel):
    """A file the procedure asks for."""

    role: str
    label: str
    hint: str


class CatalogueRoleShown(RoleShown):
    """A file the procedure asks for, and what is taken."""

    expected: bool = Field(description="the CNS asks for it when it is missing; forwarding without it is possible")
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

    field: str
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
    outcome: Outcome | None
    actions: list[Action] = Field(description="what the person may do now")
    started_at: datetime
    moved_at: datetime
    version: int = Field(description="goes into If-Match; the ETag is the same number between quotation marks")


class ProceduresShown(BaseModel):
    """A person's procedures, the one that moved last first."""

    procedures: list[ProcedureSummary]


class ProcedureShown(ProcedureSummary):
    """A procedure, whole."""

    locale: Locale
    answers: dict[str, str]
    on_file: dict[str, str] = Field(description="what the CNS had on file at the start, by the question it stands beside; IBAN masked")
    attachments: list[AttachmentShown]
    missing_attachments: list[RoleShown] = Field(description="files the CNS will ask for; empty when nothing is missing")
    errors: list[FindingShown] = Field(description="what keeps the answers from being forwarded")
    warnings: list[FindingShown] = Field(description="what to look at again; it may be forwarded all the same")
    corrections: list[CorrectionShown]
    submissions: int = Field(description="how often it was forwarded")
    history: list[MoveShown]
