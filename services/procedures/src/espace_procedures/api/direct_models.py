"""What the routes without login take and show."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from espace_contracts.vocabulary import Locale, ProcedureKind


class ChallengeRequest(BaseModel):
    """In which language to ask."""

    locale: Locale


class ChallengeShown(BaseModel):
    """A challenge: solve its puzzle or answer its question, whichever is easier. It serves for one procedure."""

    challenge: UUID
    puzzle: dict[str, Any] = Field(description="proof of work in the form of ALTCHA's second version; its widget solves it without asking")
    question: str = Field(description="for whoever cannot run the puzzle: a question in plain words, whose answer is a number in digits")
    expires_at: datetime


class DirectForm(BaseModel):
    """The part `request` of a procedure without login; the files come beside it, each in a part named by its role."""

    locale: Locale = Field(description="the person's language: that of every error, and of the documents")
    challenge: str | None = Field(None, description="the id of the challenge")
    answer: str | None = Field(None, description="the answer to its question")
    solution: str | None = Field(None, description="the solution of its puzzle, in base64 as ALTCHA's widget gives it")
    accepts_terms: bool = False
    applicant: dict[str, JsonValue] = Field(
        description="matricule, given_name, family_name, date_of_birth (ISO 8601), address_lines (1 to 5 texts), country (ISO 3166-1 "
        "alpha-2), and if wanted email and phone",
    )
    answers: dict[str, JsonValue] = Field(description="texts by question name; persons by their matricules, separated by a space")


class ReceiptShown(BaseModel):
    """The procedure was received. The same for everybody: it says nothing about who is on file."""

    receipt: str = Field(description="what to call the procedure by; it cannot be followed online")
    next_step: str


class ApplicantShown(BaseModel):
    """Who sent it, as typed."""

    matricule: str
    given_name: str
    family_name: str
    date_of_birth: str
    address_lines: list[str]
    country: str
    email: str | None
    phone: str | None


class UnmatchedShown(BaseModel):
    """A procedure sent by somebody who is not found in the fund's file."""

    receipt: str
    kind: ProcedureKind
    received_at: datetime
    expires_at: datetime = Field(description="when it is forgotten if the person is not found until then")
    applicant: ApplicantShown


class UnmatchedSubmissionsShown(BaseModel):
    """Some of them, the oldest first. They are matched by themselves once the person gets on file."""

    submissions: list[UnmatchedShown]
    next_cursor: str | None = Field(description="goes into `cursor` for those that follow; null when these are the last")
