"""How each language of the eSpace writes: its sentences, dates and countries.

The templates are written in English; the other languages are gettext catalogues, read from their .po files when a worker starts,
so that nothing compiled is kept in the tree. A sentence without a translation refuses the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from espace_documents.rendering.request import RenderingRefused

SOURCE = "en"
TERRITORIES = {"fr": "fr_LU", "de": "de_LU", "en": "en_GB", "lb": "lb_LU"}
"""The locales of the eSpace and the form their dates take."""
LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
"""Where every time that a document names is read."""
NO_BREAK_SPACE = "\u00a0"


class Language:
    """One language. ``sentences`` maps each English sentence to its own; for English itself there is nothing to map."""

    def __init__(self, locale: str, sentences: Mapping[str, str]) -> None:
        self.locale = locale
        self._form = Locale.parse(TERRITORIES[locale])
        self._sentences = sentences

    def sentence(self, message: str, /, **values: object) -> Markup:
        """The sentence in this language with its %(name)s filled in, both escaped. Raises RenderingRefused if it was never translated."""
        translation = message if self.locale == SOURCE else self._sentences.get(message)
        if not translation:
            raise RenderingRefused(f"The catalogue of {self.locale!r} does not translate {message!r}.")
        return escape(translation) % values

    def day(self, value: date) -> str:
        """A date written out, on one line: 1er février 2026, 1. Februar 2026, 1 February 2026."""
        written = format_date(value, "long", self._form)
        if self.locale == "fr" and value.day == 1:
            written = written.replace("1 ", "1er ", 1)
        return written.replace(" ", NO_BREAK_SPACE)

    def moment(self, value: datetime) -> dict[str, str]:
        """The parts of an instant in Luxembourg, for the sentence that puts them together: weekday, day, time."""
        there = value.astimezone(LUXEMBOURG)
        return {
            "weekday": format_date(there, "EEEE", self._form),
            "day": self.day(there.date()),
            "time": format_time(there, "short", locale=self._form),
        }

    def country(self, place: str) -> str:
        """A country written as its ISO 3166-1 code by its name, any other place as it is written."""
        return str(self._form.territories.get(place, place))

    def names(self) -> dict[str, Callable[..., object]]:
        """What a template calls: _() for a sentence, day() for a date, moment() for the parts of an instant, country() for a name."""
        return {"_": self.sentence, "day": self.day, "moment": self.moment, "country": self.country}


def languages(locales: Path) -> dict[str, Language]:
    """Every language of the eSpace by its ISO 639-1 code, with its catalogue read."""
    return {locale: Language(locale, {} if locale == SOURCE else _sentences(locales, locale)) for locale in TERRITORIES}


def in_fours(number: str) -> str:
    """An IBAN as it is read aloud: in groups of four, on one line."""
    return NO_BREAK_SPACE.join(number[start : start + 4] for start in range(0, len(number), 4))


def card_day(value: date) -> str:
    """A date as the European Health Insurance Card writes it in every language: DD/MM/YYYY."""
    return value.strftime("%d/%m/%Y")


def postal_country(code: str) -> str:
    """The last line of an address: the country in French capitals, as the post reads it; empty within Luxembourg."""
    name = Locale("fr").territories.get(code)
    if name is None or len(code) != len("LU") or code == "ZZ":
        raise ValueError("must be a country by its ISO 3166-1 alpha-2 code")
    return "" if code == "LU" else str(name).upper()


def _sentences(locales: Path, locale: str) -> dict[str, str]:
    with (locales / locale / "LC_MESSAGES" / "documents.po").open("rb") as file:
        catalogue = read_po(file, locale=locale, abort_invalid=True)
    return {str(message.id): str(message.string) for message in catalogue if message.id and not message.fuzzy}
