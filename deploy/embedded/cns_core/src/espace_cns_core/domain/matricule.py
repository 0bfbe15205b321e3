"""The national identification number: eleven digits and two check digits, by art. 1 of the grand-ducal regulation of 28 November 2013."""

from __future__ import annotations

from datetime import date

from stdnum import luhn, verhoeff


def matricule(born: date, sequence: int) -> str:
    """The 13 digits of the person with this sequence (0 to 999) among those born that day; both check digits cover the same first 11."""
    base = f"{born:%Y%m%d}{sequence:03d}"
    return f"{base}{luhn.calc_check_digit(base)}{verhoeff.calc_check_digit(base)}"
