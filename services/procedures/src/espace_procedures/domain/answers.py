"""Questions, the answers to them, and what is found wrong: each finding names its question and says how to mend it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from uuid import UUID

from espace_procedures.domain.bank_account import bic_error, compact, iban_error
from espace_procedures.domain.matricule import compact as compact_matricule
from espace_procedures.domain.matricule import matricule_error
from espace_procedures.domain.on_file import Situation
from espace_procedures.domain.sentences import Label, Sentence, _

Answers = Mapping[str, str]
"""By question name; a question without an answer has no entry."""

YES = "yes"
"""The one answer to a question that asks to agree."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with the answer to one question. A warning (`blocks` is false) is told, and the person may forward all the same."""

    field: str
    sentence: Sentence
    blocks: bool = True


_PRINTED = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u017f\u01cd-\u01dc\u01e6-\u01e7\u0218-\u021b\u0300-\u030c\u0323-\u0328"  # Latin letters and their accents
    "\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u0490\u0491\u1e9e-\u1ef9"  # Greek, Cyrillic, and more Latin
    "\u2010-\u2015\u2018-\u201e\u2026\u2032\u2033\u2039\u203a\u20ac\u2116\u2122\u2212]*"  # marks that people write
)
"""What documents can print: their fonts have these characters. None of them is invisible, and none turns the order of others."""


def _tidy(value: str) -> str:
    return unicodedata.normalize("NFC", " ".join(value.split()))


def _text_error(value: str) -> Sentence | None:
    if _PRINTED.fullmatch(value):
        return None
    return _("This has a character that no document can print, such as a picture. Write it in Latin, Greek or Cyrillic letters.")


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


def _tidy_time(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else value.strip()
    except (ValueError, OverflowError):
        return value.strip()


def _time_error(value: str) -> Sentence | None:
    try:
        if datetime.fromisoformat(value).tzinfo is UTC:
            return None
    except ValueError:
        pass
    return _("This is no time that can be booked. Choose one of those that are offered.")


def _tidy_person(name: str) -> str:
    try:
        return str(UUID(name))
    except ValueError:
        return compact_matricule(name)


def _tidy_persons(value: str) -> str:
    return " ".join(dict.fromkeys(_tidy_person(name) for name in re.split(r"[\s,;]+", value) if name))


def _tidy_phone(value: str) -> str:
    return re.sub(r"[\s./()-]", "", value)


def _phone_error(value: str) -> Sentence | None:
    if re.fullmatch(r"\+?[0-9]{6,15}", value):
        return None
    return _("This is no telephone number. Write 6 to 15 digits, for example +352 621 123 456.")


def _consent_error(value: str) -> Sentence | None:
    return None if value == YES else _("Without your agreement this cannot be forwarded. Tick the box, or delete the draft.")


class AnswerType(Enum):
    """What a question asks for: its permanent code, the form an answer is kept in, and what makes an answer wrong by itself."""

    TEXT = "text", _tidy, _text_error
    IBAN = "iban", compact, iban_error
    BIC = "bic", compact, bic_error
    COUNTRY = "country", compact, _country_error
    DATE = "date", str.strip, _date_error
    CHOICE = "choice", str.strip, _no_error
    CONSENT = "consent", str.strip, _consent_error
    PERSONS = "persons", _tidy_persons, _no_error
    PHONE = "phone", _tidy_phone, _phone_error
    SLOT = "slot", _tidy_time, _time_error

    def __init__(self, code: str, tidy: Callable[[str], str], error: Callable[[str], Sentence | None]) -> None:
        self.code, self.tidy, self.error = code, tidy, error


@dataclass(frozen=True, slots=True)
class Condition:
    """When something must be there. `sentence` says it to the person where it depends on the answers."""

    holds: Callable[[Answers, Situation], bool]
    sentence: Sentence | None = None


ALWAYS = Condition(lambda _answers, _situation: True)
NEVER = Condition(lambda _answers, _situation: False)


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose, and what it is called."""

    value: str
    label: Label


def _none_offered(_situation: Situation) -> tuple[Choice, ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing a procedure asks. `limit` is how many characters an answer may have.

    `choices` are the answers to offer, if they are few; `offered` are those that depend on whose file it is.
    """

    name: str
    type: AnswerType
    label: Sentence
    hint: Sentence
    required: Condition = NEVER
    limit: int = 70
    choices: tuple[Choice, ...] = ()
    offered: Callable[[Situation], tuple[Choice, ...]] = _none_offered

    def choices_in(self, situation: Situation) -> tuple[Choice, ...]:
        """All answers to choose from; without login, nothing that only the fund's file tells."""
        return (*self.choices, *self.offered(situation)) if situation.with_login else self.choices

    def error_in(self, answer: str, situation: Situation) -> Sentence | None:
        """What makes this answer wrong by itself."""
        if len(answer) > self.limit:
            return self.too_long(answer)
        return self.type.error(answer) or self._not_to_be_chosen(answer, situation)

    def too_long(self, answer: str) -> Sentence:
        """What is said of an answer over the limit."""
        return _("This answer has %(length)s characters; %(limit)s fit. Shorten it.", length=len(answer), limit=self.limit)

    def _not_to_be_chosen(self, answer: str, situation: Situation) -> Sentence | None:
        values = {choice.value for choice in self.choices_in(situation)}
        if self.type is AnswerType.CHOICE and answer not in values:
            return _("This is none of the answers that are offered. Choose one of them.")
        if self.type is AnswerType.PERSONS and situation.with_login and not set(answer.split()) <= values:
            return _(
                "One of these persons is not offered here: only you and the family that the CNS has on file can be. Choose from the list."
            )
        if self.type is AnswerType.PERSONS and not situation.with_login:
            return next(filter(None, map(matricule_error, answer.split())), None)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRole:
    """What a file is for, and when it is expected. A compulsory one keeps the person from forwarding while it is missing and expected;
    of any other the fund asks for it then.
    """

    name: str
    label: Sentence
    hint: Sentence
    expected: Condition = ALWAYS
    compulsory: bool = False
