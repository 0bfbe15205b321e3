"""The national identification number, by art. 1 of the grand-ducal regulation of 28 November 2013.

Eleven digits (year, month, day, sequence) and two check digits, Luhn's and Verhoeff's, that both cover the same eleven. Month and day may
be `00`, so no date is read from it.
"""

from __future__ import annotations

import re

from stdnum import luhn, verhoeff

_SEPARATORS = re.compile(r"[\s-]")
_DIGITS = re.compile(r"[0-9]{13}", re.ASCII)


class NotAMatricule(Exception):
    """The text is not a matricule. Says nothing about the text, which may be somebody's number with a slip."""


def matricule_in(text: str) -> str:
    """The 13 digits of what a person typed, with or without spaces and hyphens. Raises NotAMatricule."""
    number = _SEPARATORS.sub("", text)
    if not _DIGITS.fullmatch(number):
        raise NotAMatricule("A matricule has 13 digits.")
    base = number[:11]
    if number[11:] != luhn.calc_check_digit(base) + verhoeff.calc_check_digit(base):
        raise NotAMatricule("A check digit of the matricule does not fit the others.")
    return number
