"""Account numbers. Length and mod 97 decide; the check digits that a country hides inside its numbers only warn, for banks break them."""

from __future__ import annotations

import warnings

from schwifty import BIC, IBAN
from schwifty.exceptions import InvalidBBANChecksum, InvalidCountryCode, InvalidLength, InvalidStructure, NationalChecksumNotVerified

from espace_procedures.domain.sentences import Country, Sentence, _

_SHOWN = 4
"""How many characters of a masked number stay readable at each end; as many must be hidden, or all are."""


def compact(number: str) -> str:
    """A number without the spaces and hyphens it is typed or printed with, in capitals."""
    return "".join(number.replace("-", "").split()).upper()


def masked(number: str) -> str:
    """First four and last four characters in groups of four, the rest hidden: `LU28 **** **** **** 0000`."""
    number = compact(number)
    hidden = len(number) - 2 * _SHOWN
    text = number[:_SHOWN] + "*" * hidden + number[-_SHOWN:] if hidden >= _SHOWN else "*" * len(number)
    return in_fours(text)


def in_fours(number: str) -> str:
    """A number in compact form as it is read aloud: in groups of four."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def iban_error(number: str) -> Sentence | None:
    """Why this, in compact form, is no IBAN."""
    if not (number.isascii() and number.isalnum()):
        return _("An IBAN has only letters and digits. Take out every other character.")
    iban = IBAN(number, allow_invalid=True)
    try:
        expected = iban.spec.iban_length
    except InvalidCountryCode:
        return _("An IBAN begins with the two letters of its country, such as LU for Luxembourg. Check the beginning of the number.")
    if len(iban) != expected:
        return _(
            "This IBAN has %(length)s characters; one from %(country)s has %(expected)s. Check the end of the number.",
            length=len(iban),
            country=Country(iban.country_code),
            expected=expected,
        )
    try:
        iban.validate()
    except InvalidStructure:
        return _(
            "In this IBAN from %(country)s, a letter stands where a digit belongs, or the reverse. "
            "Look for an O in the place of a zero, or an I in the place of a one.",
            country=Country(iban.country_code),
        )
    except ValueError:
        return _(
            "The two check digits after %(prefix)s do not fit the rest of this IBAN: a character is wrong, or two are swapped. "
            "Compare it with your bank statement, group by group.",
            prefix=iban.country_code,
        )
    return None


def iban_warning(iban: str) -> Sentence | None:
    """What looks odd in a valid IBAN."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NationalChecksumNotVerified)
        try:
            IBAN(iban).bban.validate_national_checksum()
        except InvalidBBANChecksum:
            return _(
                "The check digits inside this account number are unusual for %(country)s. "
                "If your bank statement shows exactly this IBAN, you can forward it.",
                country=Country(iban[:2]),
            )
    return None


def pays_by_iban_alone(iban: str) -> bool:
    """Whether the account lies in the SEPA area, where a transfer needs no BIC."""
    return IBAN(iban, allow_invalid=True).in_sepa_zone


def bic_error(code: str) -> Sentence | None:
    """Why this, in compact form, is no BIC."""
    try:
        BIC(code)
    except InvalidLength:
        return _("A BIC has 8 or 11 characters; this one has %(length)s. Copy it from your bank statement.", length=len(code))
    except ValueError:
        return _(
            "A BIC has four characters for the bank, two letters for its country and two for the place, then sometimes three for a branch: "
            "BCEELULL, for example. Copy it from your bank statement."
        )
    return None
