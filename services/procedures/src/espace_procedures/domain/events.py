"""What happened to a procedure, as the rest of the eSpace and the fund will be told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from espace_contracts.contents import DocumentContent
from espace_contracts.vocabulary import InsuredId, Locale, Outcome, ProcedureKind
from espace_procedures.domain.attachments import Attachment


@dataclass(frozen=True, slots=True)
class About:
    """Whose procedure it is, how many submissions it has, and in which language the person made the last."""

    procedure: UUID
    insured: InsuredId
    kind: ProcedureKind
    locale: Locale
    submission: int


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The person submitted this."""

    about: About
    answers: dict[str, str]
    attachments: tuple[Attachment, ...]


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
