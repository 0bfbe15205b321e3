"""The languages of the eSpace: sentences are written in English in the code, the others are gettext catalogues.

The catalogue of a procedure lies in its folder, that of all else in locales/. They are read from their .po files at the start, so that
nothing compiled is kept in the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable

import babel
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po

from espace_contracts.vocabulary import Locale
from espace_procedures.domain.agencies import ZONE
from espace_procedures.domain.catalogue import CATALOGUE
from espace_procedures.domain.sentences import Country, Sentence, _

SOURCE = Locale.ENGLISH
FORMS = {Locale.FRENCH: "fr_LU", Locale.GERMAN: "de_LU", Locale.ENGLISH: "en_GB", Locale.LUXEMBOURGISH: "lb_LU"}
"""How each language of the eSpace writes dates."""


class Language:
    """One language. `messages` maps each English message to its own; for English itself there is nothing to map."""

    def __init__(self, locale: Locale, messages: Mapping[str, str]) -> None:
        self._locale, self._messages = locale, messages
        self._form = babel.Locale.parse(FORMS[locale])

    def say(self, sentence: Sentence) -> str:
        """The sentence in this language. One that was never translated is said in English, which is better than nothing."""
        message = self._messages.get(sentence.message) or sentence.message
        return message % {name: self.word(value) for name, value in sentence.values.items()}

    def country(self, code: str) -> str:
        """A country's name; its code when it has none."""
        return str(self._form.territories.get(code, code))

    def day(self, value: date) -> str:
        """A date written out: 1er février 2026, 1. Februar 2026, 1 February 2026."""
        written = format_date(value, "long", self._form)
        return written.replace("1 ", "1er ", 1) if self._locale is Locale.FRENCH and value.day == 1 else written

    def moment(self, value: datetime) -> str:
        """A time as it is read in Luxembourg, with its weekday and day."""
        there = value.astimezone(ZONE)
        time = format_time(there, "short", locale=self._form)
        weekday = format_date(there, "EEEE", self._form)
        return self.say(_("%(weekday)s %(day)s at %(time)s", weekday=weekday, day=self.day(there.date()), time=time))

    def word(self, value: object) -> str:
        """What a label, a date, or a value of a sentence is called."""
        match value:
            case Sentence():
                return self.say(value)
            case Country():
                return self.country(value)
            case Mapping():
                return str(value[self._locale])
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case _:
                return str(value)


def catalogues_of(locale: Locale) -> Iterator[Traversable]:
    """The .po files of a language: the general one, then one a procedure."""
    package = files("espace_procedures")
    yield package / "locales" / f"{locale}.po"
    for kind in CATALOGUE:
        yield package / "domain" / "catalogue" / kind / f"{locale}.po"


def messages_in(catalogue: Traversable, locale: Locale) -> dict[str, str]:
    """What a .po file translates; a translation marked as fuzzy counts as none."""
    with catalogue.open("rb") as file:
        return {
            str(message.id): str(message.string)
            for message in read_po(file, locale=locale, abort_invalid=True)
            if message.id and message.string and not message.fuzzy
        }


def _language(locale: Locale) -> Language:
    if locale is SOURCE:
        return Language(locale, {})
    return Language(
        locale, {english: own for catalogue in catalogues_of(locale) for english, own in messages_in(catalogue, locale).items()}
    )


LANGUAGES: Mapping[Locale, Language] = {locale: _language(locale) for locale in Locale}
