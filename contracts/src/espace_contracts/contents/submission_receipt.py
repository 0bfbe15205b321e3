from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from espace_contracts.vocabulary import DocumentType, ProcedureKind, Value


class SubmittedAnswer(Value):
    """One question and its answer, as the person read them, in the language of the submission."""

    question: str
    answer: str


class SubmittedFile(Value):
    """A file that was handed in. What it is for is worded in the language of the submission; `size` in bytes."""

    role: str
    media_type: str
    size: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class SubmissionReceipt(Value):
    """What a person handed in, and when: the first forwarding, or a corrected one."""

    type: Literal[DocumentType.SUBMISSION_RECEIPT] = DocumentType.SUBMISSION_RECEIPT
    procedure_reference: str
    procedure_kind: ProcedureKind
    submitted_at: AwareDatetime
    submission: int = Field(ge=1, description="1: the first; n: the nth, after a correction")
    answers: tuple[SubmittedAnswer, ...]
    files: tuple[SubmittedFile, ...] = ()
