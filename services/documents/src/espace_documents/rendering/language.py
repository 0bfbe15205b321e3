"""How each language of the eSpace writes: its sentences, dates, amounts and countries.

The templates are written in English; the other languages are gettext catalogues, read from their .po files when a worker starts,
so that nothing compiled is kept in the tree. A sentence without a translation refuses the document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, match_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal
from babel.units import format_unit
from markupsafe import Markup, escape

from espace_documents.rendering.request import RenderingRefused

SOURCE = "en"
TERRITORIES = {"fr": "fr_LU", "de": "de_LU", "en": "en_GB", "lb": "lb_LU"}
"""The locales of the eSpace and the form their dates take."""
LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
"""Where every time that a document names is read."""
NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"


class Language:
    """One language. ``sentences`` maps each English sentence to its own; for English itself there is nothing to map."""

    def __init__(self, locale: str, sentences: Mapping[str, str]) -> None:
        self.locale = locale
        self._form = Locale.parse(TERRITORIES[locale])
        skeletons = self._form.datetime_skeletons
        self._in_figures = skeletons[match_skeleton("yMMdd", skeletons)].pattern
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

    def short_day(self, value: date) -> str:
        """A date in figures, for a column: 01.02.2026, or 01/02/2026 in French and English."""
        return format_date(value, self._in_figures, self._form)

    def month_of(self, value: date) -> str:
        """The month of a date with its year, on one line: février 2026, Februar 2026."""
        return format_date(value, "MMMM y", self._form).replace(" ", NO_BREAK_SPACE)

    def moment(self, value: datetime) -> dict[str, str]:
        """The parts of an instant in Luxembourg, for the sentence that puts them together: weekday, day, time."""
        there = value.astimezone(LUXEMBOURG)
        return {
            "weekday": format_date(there, "EEEE", self._form),
            "day": self.day(there.date()),
            "time": format_time(there, "short", locale=self._form),
        }

    def money(self, cents: int) -> str:
        """An amount with its currency, on one line: 1.234,56 €, or €1,234.56 in English."""
        return format_currency(Decimal(cents).scaleb(-2), "EUR", locale=self._form)

    def amount(self, cents: int) -> str:
        """An amount in euros in a column that says so: 1.234,56."""
        return format_decimal(Decimal(cents).scaleb(-2), "#,##0.00", locale=self._form).replace("-", MINUS)

    def duration(self, minutes: int, minutes_of_a_day: int) -> str:
        """Working time in days of so many minutes, and what is left in hours: 3 jours 4 heures."""
        days, rest = divmod(minutes, minutes_of_a_day)
        written = [self._counted(days, "day")] if days or not rest else []
        return " ".join([*written, self.hours(rest)] if rest else written)

    def hours(self, minutes: int) -> str:
        """Working time in hours and minutes: 7 heures 36 minutes."""
        counts = {"hour": minutes // 60, "minute": minutes % 60}
        return " ".join(self._counted(value, unit) for unit, value in counts.items() if value)

    def _counted(self, value: int, unit: str) -> str:
        return format_unit(value, f"duration-{unit}", "long", locale=self._form).replace(" ", NO_BREAK_SPACE)

    def size(self, count: int) -> str:
        """How long a file is, to the byte, on one line: 48.213 octets, 48,213 bytes."""
        return format_unit(count, "digital-byte", "long", locale=self._form).replace(" ", NO_BREAK_SPACE)

    def country(self, place: str) -> str:
        """A country written as its ISO 3166-1 code by its name, any other place as it is written."""
        return str(self._form.territories.get(place, place))

    def names(self) -> dict[str, Callable[..., object]]:
        """What a template calls: _() for a sentence, and for each kind of value the way in which this language writes it."""
        return {
            "_": self.sentence,
            "day": self.day,
            "short_day": self.short_day,
            "month_of": self.month_of,
            "moment": self.moment,
            "money": self.money,
            "amount": self.amount,
            "duration": self.duration,
            "hours": self.hours,
            "bytes": self.size,
            "country": self.country,
        }


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
