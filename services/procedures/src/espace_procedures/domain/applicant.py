"""Who sends a procedure without login, as they typed it: enough to find them in the fund's file, and no proof of who they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from espace_procedures.domain.answers import AnswerType, Finding
from espace_procedures.domain.matricule import compact, matricule_error
from espace_procedures.domain.on_file import PersonOnFile
from espace_procedures.domain.sentences import Sentence, _

_LIMIT = 70
_MAX_LINES = 5
_OLDEST = 130
_SPELLINGS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
"""Müller is also written Mueller, and on some keyboards Muller: all three count as the same."""


@dataclass(frozen=True)
class Applicant:
    """Where it says what it is about a person, the fund's file decides, never this. The documents do not go to `address_lines`."""

    matricule: str
    given_name: str
    family_name: str
    date_of_birth: date
    address_lines: tuple[str, ...]
    country: str
    email: str | None
    phone: str | None

    def is_on_file_as(self, person: PersonOnFile) -> bool:
        """Whether this is that person: matricule, date of birth and family name agree."""
        return (
            self.matricule == person.matricule
            and self.date_of_birth == person.date_of_birth
            and folded(self.family_name) == folded(person.family_name)
        )


def folded(name: str) -> str:
    """A name without what people write in different ways: case, accents, hyphens, spaces, umlauts."""
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", name.casefold()) if letter.isalpha())
    for spelling, short in _SPELLINGS:
        bare = bare.replace(spelling, short)
    return bare


def read_applicant(typed: Mapping[str, object], today: date) -> tuple[Applicant | None, tuple[Finding, ...]]:
    """The applicant, or None and all that is wrong, each by the name of its field."""
    form = _Form(typed)
    matricule = form.text("matricule", compact, matricule_error)
    given_name = form.text("given_name", _tidy, _name_error)
    family_name = form.text("family_name", _tidy, _name_error)
    born = form.text("date_of_birth", str.strip, lambda value: _birth_error(value, today))
    lines = form.lines("address_lines")
    country = form.text("country", AnswerType.COUNTRY.tidy, AnswerType.COUNTRY.error)
    email = form.text("email", str.strip, _email_error, needed=False)
    phone = form.text("phone", AnswerType.PHONE.tidy, AnswerType.PHONE.error, needed=False)
    form.nothing_else()
    if form.findings:
        return None, tuple(form.findings)
    applicant = Applicant(matricule, given_name, family_name, date.fromisoformat(born), lines, country, email or None, phone or None)
    return applicant, ()


class _Form:
    """Reads fields one by one and remembers what is wrong."""

    def __init__(self, typed: Mapping[str, object]) -> None:
        self._typed, self._read = typed, set[str]()
        self.findings: list[Finding] = []

    def text(self, name: str, tidy: Callable[[str], str], error_in: Callable[[str], Sentence | None], *, needed: bool = True) -> str:
        self._read.add(name)
        value = self._typed.get(name)
        if value is not None and not isinstance(value, str):
            return self._wrong(name, _("This must be a text. Put it between quotation marks."))
        tidied = tidy(value) if value else ""
        if not tidied:
            return self._wrong(name, _("This is missing. Fill it in.")) if needed else ""
        if len(tidied) > _LIMIT:
            return self._wrong(name, _("This has %(length)s characters; %(limit)s fit. Shorten it.", length=len(tidied), limit=_LIMIT))
        error = error_in(tidied)
        return self._wrong(name, error) if error else tidied

    def lines(self, name: str) -> tuple[str, ...]:
        self._read.add(name)
        value = self._typed.get(name)
        given = value if isinstance(value, list) else []
        lines = tuple(_tidy(line) for line in given if isinstance(line, str) and _tidy(line))
        if not lines or len(lines) > _MAX_LINES or any(len(line) > _LIMIT for line in lines) or len(given) > 2 * _MAX_LINES:
            self._wrong(
                name,
                _(
                    "An address has one to %(lines)s lines of %(limit)s characters at most. Write it as on a letter.",
                    lines=_MAX_LINES,
                    limit=_LIMIT,
                ),
            )
        elif error := next(filter(None, map(AnswerType.TEXT.error, lines)), None):
            self._wrong(name, error)
        return lines

    def nothing_else(self) -> None:
        for name in sorted(set(self._typed) - self._read):
            self._wrong(name, _("There is no such field. Take it out."))

    def _wrong(self, name: str, sentence: Sentence) -> str:
        self.findings.append(Finding(name, sentence))
        return ""


def _tidy(value: str) -> str:
    return " ".join(value.split())


def _name_error(value: str) -> Sentence | None:
    return AnswerType.TEXT.error(value) if folded(value) else _("A name has letters. Write it as on your identity card.")


def _birth_error(value: str, today: date) -> Sentence | None:
    if error := AnswerType.DATE.error(value):
        return error
    born = date.fromisoformat(value)
    if born > today or today.year - born.year > _OLDEST:
        return _("Nobody who can apply was born on this day. Check the year, the month and the day.")
    return None


def _email_error(value: str) -> Sentence | None:
    if re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@.]+", value):
        return None
    return _("This is no e-mail address. It has an @ in its middle, as in name@example.lu.")
