"""The mobile number that is told of notices beside the e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import phonenumbers

from espace_identity.domain.challenge import Challenge, Confirmed

MOBILE_CODES_WITHIN = timedelta(hours=24)
MOBILE_CODES = 3
"""Codes sent to one person, and codes sent to one number, within MOBILE_CODES_WITHIN. Fewer than by e-mail: each costs money."""
AT_HOME = "LU"
"""Where a number is from that is written without its country."""
COUNTRIES = frozenset(
    # the European Union, the rest of the European Economic Area, and two neighbours
    code
    for group in ("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK", "IS LI NO", "CH GB")
    for code in group.split()
)
"""Whose numbers are written to. Elsewhere a message costs many times as much, and fraud with numbers that pay their owner lives on forms
that send codes."""


class NotAMobileNumber(Exception):
    """The text is no mobile number that is written to. Its sentence tells the person what to do and does not repeat the text."""


@dataclass(frozen=True, kw_only=True)
class Mobile(Confirmed):
    """The number that is told of notices."""

    number: str | None
    """E.164; None when it was removed."""


@dataclass(frozen=True, kw_only=True)
class PendingMobile(Challenge):
    """A number that waits for its code."""

    number: str
    """E.164."""


def mobile_in(text: str) -> str:
    """The number a person typed, in E.164. Raises NotAMobileNumber."""
    try:
        number = phonenumbers.parse(text, AT_HOME)
    except phonenumbers.NumberParseException:
        raise NotAMobileNumber("This is no telephone number. Write it like +352 621 123 456.") from None
    if not phonenumbers.is_valid_number(number):
        raise NotAMobileNumber("No such number exists. Check its digits, and write it with its country like +352 621 123 456.")
    if phonenumbers.region_code_for_number(number) not in COUNTRIES:
        raise NotAMobileNumber("Text messages are sent to numbers of the European Economic Area, Switzerland and the United Kingdom alone.")
    if phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE:
        raise NotAMobileNumber("This is no mobile number, so no text message arrives there. Give the number of a mobile phone.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
