"""Reimbursements as a file that a spreadsheet in Luxembourg opens by a double click.

A CSV has no words for how it is written: a spreadsheet goes by its computer's region. Those of Luxembourg, French, German and Luxembourgish
alike, and of the countries around it, write a decimal comma and so separate cells by a semicolon. The mark in front tells Excel that it is
UTF-8; days are written by ISO 8601, which each of these regions reads as a day. A first line `sep=;` is left out: Excel alone knows it,
others show it as data, and it makes Excel forget the mark.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from importlib.resources import files

from babel.messages.pofile import read_po

from espace_contracts.vocabulary import Locale
from espace_records.domain.reimbursement import Reimbursement

_MARK = "\ufeff"
_HEADINGS = (
    "Settled on",
    "Reference",
    "Date of service",
    "Patient",
    "Supplier",
    "Service",
    "Invoiced (EUR)",
    "Tariff (EUR)",
    "Your share (EUR)",
    "Refunded (EUR)",
    "Paid into the account",
)
"""In English; the other languages are gettext catalogues."""
_BEGINS_A_FORMULA = frozenset("=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}")


def headings_in(locale: Locale) -> Sequence[str]:
    """What the columns are called. Raises KeyError for one that was never translated."""
    if locale is Locale.ENGLISH:
        return _HEADINGS
    with files("espace_records").joinpath("assets", "locales", f"{locale}.po").open("rb") as file:
        known = {message.id: str(message.string) for message in read_po(file, locale=locale, abort_invalid=True) if message.string}
    return [known[heading] for heading in _HEADINGS]


HEADINGS: Mapping[Locale, Sequence[str]] = {locale: headings_in(locale) for locale in Locale}


async def spreadsheet_of(reimbursements: AsyncIterator[Reimbursement], locale: Locale) -> AsyncIterator[bytes]:
    """The file piece by piece: the headings, then a row for each service. It has no total: a spreadsheet would count it in."""
    yield _written([HEADINGS[locale]], mark=_MARK)
    async for reimbursement in reimbursements:
        yield _written(_rows(reimbursement))


def _rows(reimbursement: Reimbursement) -> Iterable[Sequence[str]]:
    for line in reimbursement.lines:
        texts = (line.patient_name, line.supplier, line.service_code)
        amounts = (line.invoiced, line.tariff, line.participation, line.refunded)
        yield (
            reimbursement.settled_on.isoformat(),
            harmless(reimbursement.reference),
            line.service_on.isoformat(),
            *map(harmless, texts),
            *map(euros, amounts),
            harmless(reimbursement.paid_to_iban_masked),
        )


def euros(cents: int) -> str:
    """An amount as a spreadsheet reads a number: `1234,05`. Amounts are never negative."""
    return f"{cents // 100},{cents % 100:02d}"


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP ASVS 1.2.10): in front of one stands an apostrophe, which makes it text.

    What cannot be seen, line breaks among it, becomes a space; none stands in front, where it would hide a formula.
    """
    shown = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return f"'{shown}" if shown[:1] in _BEGINS_A_FORMULA else shown


def _written(rows: Iterable[Sequence[str]], mark: str = "") -> bytes:
    page = io.StringIO(mark)
    page.seek(len(mark))
    csv.writer(page, delimiter=";", lineterminator="\r\n").writerows(rows)
    return page.getvalue().encode()
