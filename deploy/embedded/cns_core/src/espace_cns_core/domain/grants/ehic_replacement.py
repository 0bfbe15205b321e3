from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from espace_cns_core.domain.household import Covered
from espace_cns_core.domain.person import Identity

_CARD_PREFIX = "80442" + "00000"
"""80 for health, 442 for Luxembourg, and five digits of the issuer, which are sample data too."""


@dataclass(frozen=True)
class GrantedCertificate:
    """The fields of the provisional replacement certificate; the card it replaces has a number of 20 digits."""

    holder: Identity
    card_number: str
    card_expires_on: date
    valid_from: date
    valid_to: date
    destination: str | None


def certificate_for(holder: Covered, destination: str | None, on: date) -> GrantedCertificate:
    """A certificate valid for three months from the day of issue, as the CNS issues it. Number and expiry of the card are sample data."""
    return GrantedCertificate(
        holder=holder.identity,
        card_number=f"{_CARD_PREFIX}{holder.insured.int % 10**10:010d}",
        card_expires_on=date(on.year + 2, 12, 31),
        valid_from=on,
        valid_to=last_day_of_three_months(on),
        destination=destination,
    )


def last_day_of_three_months(first: date) -> date:
    """The last day of a period of three months that begins on `first`: 4 March to 3 June."""
    years, month = divmod(first.month + 2, 12)
    year, month = first.year + years, month + 1
    days = monthrange(year, month)[1]
    return date(year, month, days) if first.day > days else date(year, month, first.day) - timedelta(days=1)
