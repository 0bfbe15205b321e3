"""Questions, the answers to them, and what is found wrong: each finding names its question and says how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from espace_procedures.domain.bank_account import bic_error, compact, iban_error
from espace_procedures.domain.sentences import Sentence, _

Answers = Mapping[str, str]
"""By question name; a question without an answer has no entry."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with the answer to one question. A warning (`blocks` is false) is told, and the person may forward all the same."""

    field: str
    sentence: Sentence
    blocks: bool = True


def _tidy(value: str) -> str:
    return " ".join(value.split())


def _no_error(_value: str) -> Sentence | None:
    return None


def _country_error(value: str) -> Sentence | None:
    if re.fullmatch(r"[A-Z]{2}", value):
        return None
    return _("A country is given by the two letters of its code, such as IT for Italy. Choose it from the list.")


def _date_error(value: str) -> Sentence | None:
    try:
        if date.fromisoformat(value).isoformat() == value:
            return None
    except ValueError:
        pass
    return _("This is no date. Write year, month and day, for example 2026-07-31.")


class AnswerType(Enum):
    """What a question asks for: its permanent code, the form an answer is kept in, and what makes an answer wrong by itself."""

    TEXT = "text", _tidy, _no_error
    IBAN = "iban", compact, iban_error
    BIC = "bic", compact, bic_error
    COUNTRY = "country", compact, _country_error
    DATE = "date", str.strip, _date_error

    def __init__(self, code: str, tidy: Callable[[str], str], error: Callable[[str], Sentence | None]) -> None:
        self.code, self.tidy, self.error = code, tidy, error


@dataclass(frozen=True, slots=True)
class Condition:
    """When a question must be answered. `sentence` says it to the person where it depends on other answers."""

    holds: Callable[[Answers], bool]
    sentence: Sentence | None = None


ALWAYS = Condition(lambda _answers: True)
NEVER = Condition(lambda _answers: False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing a procedure asks. `limit` is how many characters an answer may have, `choices` the answers to offer, if they are few."""

    name: str
    type: AnswerType
    label: Sentence
    hint: Sentence
    required: Condition = NEVER
    limit: int = 70
    choices: tuple[str, ...] = ()

    def error_in(self, answer: str) -> Sentence | None:
        """What makes this answer wrong by itself."""
        if len(answer) > self.limit:
            return self.too_long(answer)
        return self.type.error(answer)

    def too_long(self, answer: str) -> Sentence:
        """What is said of an answer over the limit."""
        return _("This answer has %(length)s characters; %(limit)s fit. Shorten it.", length=len(answer), limit=self.limit)
