"""What each type of document says: its fields, and what each field must be before anything is typeset.

A field that is missing, unknown or not what it must be is refused by name; its value is never repeated, since it may be a person's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeAlias, TypeVar

from espace_documents.rendering.request import JsonValue, RenderingRefused

Reader: TypeAlias = Callable[[JsonValue], object]
Shape: TypeAlias = Mapping[str, Reader]
Value = TypeVar("Value")

LONGEST_LINE = 120
LONGEST_TEXT = 20_000
MOST_LINES = 200
MOST_ADDRESS_LINES = 5
MOST_ROWS = 100
MOST_IBAN_CHARACTERS_SHOWN = 8
HIGHEST_COUNT = 9_999
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


def count(value: JsonValue) -> int:
    """How many, at least one."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= HIGHEST_COUNT:
        raise ValueError(f"must be a whole number from 1 to {HIGHEST_COUNT}")
    return value


def optional(reader: Reader) -> Reader:
    """The same, or null."""
    return lambda value: None if value is None else reader(value)


def address(value: JsonValue) -> list[str]:
    """Where something is, line by line."""
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_ADDRESS_LINES:
        raise ValueError(f"must be 1 to {MOST_ADDRESS_LINES} lines")
    return [line(each) for each in value]


def rows(shape: Shape) -> Reader:
    """The rows of a table, each with the fields of the shape."""

    def read_rows(value: JsonValue) -> list[dict[str, object]]:
        if not isinstance(value, list) or not 1 <= len(value) <= MOST_ROWS:
            raise ValueError(f"must be 1 to {MOST_ROWS} rows")
        return [_row(number, each, shape) for number, each in enumerate(value, start=1)]

    return read_rows


def _row(number: int, value: JsonValue, shape: Shape) -> dict[str, object]:
    if not isinstance(value, Mapping) or value.keys() != shape.keys():
        raise ValueError(f"must have in row {number} the fields {', '.join(shape)}, and no other")
    fields: dict[str, object] = {}
    for name, reader in shape.items():
        try:
            fields[name] = reader(value[name])
        except ValueError as error:
            raise ValueError(f"has in row {number} a {name!r}, which {error}") from None
    return fields


COINSURED: Shape = {"name": line, "matricule": digits(13), "relation": line, "since": day, "until": optional(day)}
CERTIFIED_PERSON: Shape = {"name": line, "date_of_birth": day, "matricule": digits(13)}
APPOINTMENT: Shape = {
    "procedure_reference": line,
    "agency_name": line,
    "agency_address": address,
    "subject": line,
    "mode": line,
    "starts_at": moment,
    "cancel_until": moment,
}
"""What every document about an appointment says."""

SHAPES: Mapping[str, Shape] = {
    "bank_account_change": {
        "procedure_reference": line,
        "old_iban_masked": optional(masked_iban),
        "new_iban_masked": masked_iban,
        "holder": line,
        "bic": optional(line),
        "effective_on": day,
    },
    "ehic_replacement_certificate": {
        "procedure_reference": line,
        "holder_name": line,
        "holder_given_names": line,
        "date_of_birth": day,
        "matricule": digits(13),
        "institution_id": line,
        "institution_name": line,
        "card_number": digits(20),
        "card_expires_on": day,
        "valid_from": day,
        "valid_to": day,
        "destination": optional(line),
    },
    "coinsurance_certificate": {
        "procedure_reference": line,
        "principal_name": line,
        "principal_matricule": digits(13),
        "coinsured": rows(COINSURED),
        "as_of": day,
    },
    "entitlement_certificate": {
        "procedure_reference": line,
        "country": line,
        "form": line,
        "persons": rows(CERTIFIED_PERSON),
        "address_of_stay": optional(line),
        "institution_id": line,
        "institution_name": line,
        "valid_from": day,
        "valid_to": day,
    },
    "appointment_confirmation": {**APPOINTMENT, "minutes": count},
    "appointment_not_cancelled": {**APPOINTMENT, "asked_at": moment},
    "closing_letter": {
        "procedure_reference": line,
        "procedure_kind": line,
        "decided_on": day,
        "reason": text,
    },
    "address_sheet": {
        "letter_reference": line,
        "pages": count,
    },
}


def read(document_type: str, content: Mapping[str, JsonValue]) -> dict[str, object]:
    """The content's fields as the template prints them. Raises RenderingRefused, naming the first field that is wrong."""
    shape = SHAPES.get(document_type)
    if shape is None:
        raise RenderingRefused(f"There is no document type {document_type!r}; known are {', '.join(SHAPES)}.")
    for name in content:
        if name not in shape:
            raise RenderingRefused(f"The document type {document_type} has no field {name!r}.")
    for name in shape:
        if name not in content:
            raise RenderingRefused(f"The field {name!r} of {document_type} is missing.")
    return {name: read_field(name, reader, content[name]) for name, reader in shape.items()}


def read_field(name: str, reader: Callable[[Value], object], value: Value) -> object:
    """One field. Raises RenderingRefused, which names it."""
    try:
        return reader(value)
    except ValueError as error:
        raise RenderingRefused(f"The field {name!r} {error}.") from None


def _printable(value: str) -> str:
    for character in value:
        if character in BIDI_CONTROLS or (character != "\n" and unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}):
            raise ValueError(f"holds the character U+{ord(character):04X}, which cannot be printed")
    return value
