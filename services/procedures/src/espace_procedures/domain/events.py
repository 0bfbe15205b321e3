"""What happened to a procedure, as the rest of the eSpace and the fund will be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from espace_contracts.contents import DocumentContent
from espace_contracts.vocabulary import InsuredId, Locale, Outcome, ProcedureKind
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.receipt import AnsweredQuestion
from espace_procedures.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class About:
    """Whose procedure it is, how many submissions it has, and in which language the person made the last."""

    procedure: UUID
    insured: InsuredId
    kind: ProcedureKind
    locale: Locale
    submission: int
    with_login: bool = True


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The person submitted this."""

    about: About
    answers: dict[str, str]
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class ReceiptDue:
    """The person is told in a document what they handed in: their answers, and each file with what it is for. `order` is its order's id."""

    about: About
    order: UUID
    reference: str
    at: datetime
    answers: tuple[AnsweredQuestion, ...]
    files: tuple[tuple[Sentence, Attachment], ...]


@dataclass(frozen=True, slots=True)
class SentBack:
    """The fund asked for a correction."""

    about: About


@dataclass(frozen=True, slots=True)
class Closed:
    """The fund has decided, and this is what the person will receive."""

    about: About
    outcome: Outcome
    documents: tuple[DocumentContent, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The person took it back before the fund decided."""

    about: About


@dataclass(frozen=True, slots=True)
class Expiring:
    """Nobody works on the draft; it will be deleted on this day."""

    about: About
    on: date


@dataclass(frozen=True, slots=True)
class Written:
    """The person wrote to the fund."""

    about: About
    message: UUID
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """The fund wrote to the person."""

    about: About
    message: UUID
