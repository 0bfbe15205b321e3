"""The national identification number: thirteen digits, of which the last two check the first eleven."""

from __future__ import annotations

from stdnum import luhn, verhoeff

from espace_procedures.domain.sentences import Sentence, _

LENGTH = 13
_CHECKED = 11
"""Both check digits are computed over these digits alone; the second does not cover the first."""


def compact(matricule: str) -> str:
    """The number without the spaces and hyphens it is typed or printed with."""
    return "".join(matricule.replace("-", "").split())


def matricule_error(matricule: str) -> Sentence | None:
    """Why this, in compact form, is no matricule. Month and day may be 00, so no date is looked for in it."""
    if not (matricule.isascii() and matricule.isdecimal()):
        return _("A matricule has only digits. Copy its 13 digits from the social security card.")
    if len(matricule) != LENGTH:
        return _(
            "A matricule has 13 digits; this one has %(length)s. Copy it from the social security card.",
            length=len(matricule),
        )
    base, by_luhn, by_verhoeff = matricule[:_CHECKED], matricule[_CHECKED], matricule[_CHECKED + 1]
    if luhn.calc_check_digit(base) != by_luhn or verhoeff.calc_check_digit(base) != by_verhoeff:
        return _(
            "The last two digits of this matricule do not fit the others: a digit is wrong, or two are swapped. "
            "Compare it with the social security card, digit by digit."
        )
    return None
