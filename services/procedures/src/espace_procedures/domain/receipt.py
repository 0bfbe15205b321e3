"""What a person handed in, in the words they read it in: not yet in anybody's language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID, uuid5

from espace_procedures.domain.answers import AnswerType, Question
from espace_procedures.domain.bank_account import in_fours
from espace_procedures.domain.definition import Definition
from espace_procedures.domain.on_file import Situation
from espace_procedures.domain.sentences import Country, Label, Sentence, _
from espace_procedures.domain.submission import Submission

Words: TypeAlias = Label | date | datetime
_NAMESPACE = UUID("5d0f5a0e-6b0c-4a55-9a3d-0f6c5b3f2f7e")


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question and what was answered; several persons are several answers."""

    question: Sentence
    answers: tuple[Words, ...]


def what_was_answered(definition: Definition, submission: Submission, situation: Situation) -> Iterator[AnsweredQuestion]:
    """In the order of the questions; one without an answer is left out."""
    for question in definition.questions:
        if question.name in submission.answers:
            yield AnsweredQuestion(question.label, tuple(_words(question, submission.answers[question.name], situation)))


def order_of(procedure: UUID, submission: Submission) -> UUID:
    """The id of the order of a submission's receipt."""
    return uuid5(_NAMESPACE, f"{procedure}/{submission.number}")


def _words(question: Question, answer: str, situation: Situation) -> Iterator[Words]:
    match question.type:
        case AnswerType.CHOICE | AnswerType.PERSONS:
            labels = {choice.value: choice.label for choice in question.choices_in(situation)}
            yield from (labels[value] for value in answer.split())
        case AnswerType.COUNTRY:
            yield Country(answer)
        case AnswerType.CONSENT:
            yield _("Yes")
        case AnswerType.IBAN:
            yield in_fours(answer)
        case AnswerType.DATE:
            yield date.fromisoformat(answer)
        case AnswerType.SLOT:
            yield datetime.fromisoformat(answer)
        case _:
            yield answer
