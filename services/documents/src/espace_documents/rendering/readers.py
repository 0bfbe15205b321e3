"""How the fields of a document are read: what each must be before it is printed, and what it becomes.

A reader raises ValueError, which says what the field must be and never repeats its value, since it may be a person's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from espace_documents.rendering.request import JsonValue

Reader: TypeAlias = Callable[[JsonValue], object]
Shape: TypeAlias = Mapping[str, Reader]
Rule: TypeAlias = Callable[[Mapping[str, Any]], None]
"""What the fields of a document or of a row must be to each other. Raises ValueError: "a 'name', which must be ..."."""

LONGEST_LINE = 120
LONGEST_TEXT = 20_000
MOST_LINES = 200
MOST_ADDRESS_LINES = 5
MOST_ROWS = 200
"""Of one table, and of all tables within the rows of another: about a dozen pages."""
MOST_IBAN_CHARACTERS_SHOWN = 8
HIGHEST_COUNT = 9_999
HIGHEST_CENTS = 99_999_999
HIGHEST_MINUTES = 999_999
HIGHEST_SIZE = 999_999_999
MINUTES_OF_A_DAY = 24 * 60
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They reorder what is read; in a letter they could only deceive."""


def line(value: JsonValue) -> str:
    """One line of text."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_LINE or "\n" in value:
        raise ValueError(f"must be one line of 1 to {LONGEST_LINE} characters")
    return _printable(value)


def text(value: JsonValue) -> str:
    """Paragraphs, parted by line breaks."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT or value.count("\n") >= MOST_LINES:
        raise ValueError(f"must be text of 1 to {LONGEST_TEXT} characters on at most {MOST_LINES} lines")
    return _printable(value.replace("\r\n", "\n").replace("\t", " "))


def day(value: JsonValue) -> date:
    """A date, from ISO 8601 text."""
    try:
        return date.fromisoformat(line(value))
    except ValueError:
        raise ValueError("must be a date written YYYY-MM-DD") from None


def moment(value: JsonValue) -> datetime:
    """An instant, from ISO 8601 text that says how far it is from UTC."""
    try:
        read = datetime.fromisoformat(line(value))
    except ValueError:
        read = None
    if read is None or read.tzinfo is None:
        raise ValueError("must be a date and time written YYYY-MM-DDThh:mm:ss with its offset from UTC")
    return read


def masked_iban(value: JsonValue) -> str:
    """An account number of which at most eight characters can be read, so that a whole one cannot slip into a letter."""
    number = line(value).replace(" ", "").replace("*", "•")
    if not re.fullmatch(r"[A-Z0-9•]{8,34}", number) or len(number.replace("•", "")) > MOST_IBAN_CHARACTERS_SHOWN:
        raise ValueError(f"must be an account number masked by * or • down to {MOST_IBAN_CHARACTERS_SHOWN} characters")
    return number


def digits(count: int) -> Reader:
    """A number that is a name, such as a matricule: exactly so many digits, kept as text."""

    def read(value: JsonValue) -> str:
        if not isinstance(value, str) or not re.fullmatch(rf"[0-9]{{{count}}}", value):
            raise ValueError(f"must be {count} digits")
        return value

    return read


def fingerprint(value: JsonValue) -> str:
    """The SHA-256 of a file."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{64}", value):
        raise ValueError("must be a SHA-256 in 64 hexadecimal digits")
    return value


def whole(lowest: int, highest: int) -> Reader:
    """A whole number."""

    def read(value: JsonValue) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return value

    return read


count = whole(1, HIGHEST_COUNT)
"""How many, at least one."""
tally = whole(0, HIGHEST_COUNT)
"""How many so far, perhaps none."""
cents = whole(0, HIGHEST_CENTS)
"""An amount of money in cents of a euro, below a million euros."""
minutes = whole(0, HIGHEST_MINUTES)
"""An amount of working time."""
working_day = whole(1, MINUTES_OF_A_DAY)
"""How many minutes a person works on one day."""
year = whole(2000, 2100)
size = whole(1, HIGHEST_SIZE)
"""How many bytes a file has."""


def optional(reader: Reader) -> Reader:
    """The same, or null."""
    return lambda value: None if value is None else reader(value)


def address(value: JsonValue) -> list[str]:
    """Where something is, line by line."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_ADDRESS_LINES:
        raise ValueError(f"must be 1 to {MOST_ADDRESS_LINES} lines")
    return [line(each) for each in value]


def first_of_month(value: JsonValue) -> date:
    """A month, by its first day."""
    read = day(value)
    if read.day != 1:
        raise ValueError("must be the first day of a month")
    return read


def rows(shape: Shape, *rules: Rule, at_least: int = 1) -> Reader:
    """The rows of a table, each with the fields of the shape and true to the rules."""

    def read_rows(value: JsonValue) -> list[dict[str, object]]:
        if not isinstance(value, list) or not at_least <= len(value) <= MOST_ROWS:
            raise ValueError(f"must be {at_least} to {MOST_ROWS} rows")
        return [_row(number, each, shape, rules) for number, each in enumerate(value, start=1)]

    return read_rows


def _row(number: int, value: JsonValue, shape: Shape, rules: Iterable[Rule]) -> dict[str, object]:
    if not isinstance(value, Mapping) or value.keys() != shape.keys():
        raise ValueError(f"must have in row {number} the fields {', '.join(shape)}, and no other")
    fields: dict[str, object] = {}
    for name, reader in shape.items():
        try:
            fields[name] = reader(value[name])
        except ValueError as error:
            raise ValueError(f"has in row {number} a {name!r}, which {error}") from None
    try:
        for rule in rules:
            rule(fields)
    except ValueError as error:
        raise ValueError(f"has in row {number} {error}") from None
    return fields


def _printable(value: str) -> str:
    for character in value:
        if character in BIDI_CONTROLS or (character != "\n" and unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}):
            raise ValueError(f"holds the character U+{ord(character):04X}, which cannot be printed")
    return value
