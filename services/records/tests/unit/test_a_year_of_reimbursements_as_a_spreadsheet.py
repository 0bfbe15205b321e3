from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from uuid import uuid4

import babel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_contracts.vocabulary import InsuredId, Locale
from espace_records.api.spreadsheet import HEADINGS, euros, harmless, spreadsheet_of
from espace_records.app import list_year
from espace_records.events.incoming import keep_the_reimbursement

from .conftest import SOPHIE
from .test_a_person_sees_what_was_reimbursed import line, settled


async def opened(do, year=2026, insured=SOPHIE, locale=Locale.FRENCH):
    """The rows as a spreadsheet opens them: the mark says UTF-8, a semicolon ends a cell."""
    whole = b"".join([piece async for piece in spreadsheet_of(await do.list_year(insured, year), locale)])
    return list(csv.reader(io.StringIO(whole.decode("utf-8-sig"), newline=""), delimiter=";"))


async def test_each_service_is_a_row_newest_settlement_first_with_the_fund_s_amounts(do):
    second = line(supplier="Pharmacie Müller; Söhne", invoiced_cents=105, tariff_cents=100, participation_cents=95, refunded_cents=5)
    await keep_the_reimbursement(settled(1, date(2026, 2, 1), lines=(line(), second)), do)
    await keep_the_reimbursement(settled(2, date(2026, 12, 31)), do)
    headings, *rows = await opened(do)
    assert headings == list(HEADINGS[Locale.FRENCH])
    account = "LU12 •••• •••• •••• 7891"
    usual = ["2026-01-09", "Sophie Hoffmann", "Dr Anne Muller", "C1", "60,00", "52,60", "6,31", "46,29", account]
    assert rows == [
        ["2026-12-31", "R-2", *usual],
        ["2026-02-01", "R-1", *usual],
        ["2026-02-01", "R-1", "2026-01-09", "Sophie Hoffmann", "Pharmacie Müller; Söhne", "C1", "1,05", "1,00", "0,95", "0,05", account],
    ]


async def test_it_holds_the_years_settlements_of_the_person_and_nothing_else(do):
    for number, on in enumerate((date(2025, 12, 31), date(2026, 1, 1), date(2027, 1, 1))):
        await keep_the_reimbursement(settled(number, on), do)
    await keep_the_reimbursement(settled(9, date(2026, 5, 5), insured=InsuredId(uuid4())), do)
    assert [row[1] for row in (await opened(do))[1:]] == ["R-1"]


@pytest.mark.parametrize("locale", Locale)
async def test_a_year_without_reimbursements_has_the_headings_alone_in_the_language_asked_for(do, locale):
    assert await opened(do, locale=locale) == [list(HEADINGS[locale])]


def test_the_headings_differ_by_language_and_within_one():
    assert len(set(map(tuple, HEADINGS.values()))) == len(Locale)
    assert all(len(set(headings)) == len(headings) == 11 for headings in HEADINGS.values())


async def test_a_long_year_is_read_part_by_part_and_once(do, monkeypatch):
    monkeypatch.setattr(list_year, "_AT_ONCE", 2)
    for number in range(5):
        await keep_the_reimbursement(settled(number, date(2026, 1, 1 + number)), do)
    assert [row[1] for row in (await opened(do))[1:]] == ["R-4", "R-3", "R-2", "R-1", "R-0"]


async def test_it_begins_with_the_mark_of_utf_8_and_ends_each_row_as_spreadsheets_do(do):
    await keep_the_reimbursement(settled(1, date(2026, 2, 1)), do)
    pieces = [piece async for piece in spreadsheet_of(await do.list_year(SOPHIE, 2026), Locale.GERMAN)]
    assert pieces[0].startswith(b"\xef\xbb\xbfAbgerechnet am;")
    assert [piece.count(b"\r\n") for piece in pieces] == [1, 1]
    assert b"\xef\xbb\xbf" not in pieces[1]


@given(st.integers(0, 10**15))
def test_an_amount_is_the_cents_it_was_with_a_decimal_comma(cents):
    assert Decimal(euros(cents).replace(",", ".")) * 100 == cents
    assert len(euros(cents).partition(",")[2]) == 2


@pytest.mark.parametrize("region", ["fr_LU", "de_LU", "lb_LU", "fr_FR", "de_DE", "fr_BE"])
def test_the_regions_around_write_a_decimal_comma(region):
    assert babel.Locale.parse(region).number_symbols["latn"]["decimal"] == ","


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+352 26 12", "'+352 26 12"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
        ("\t=1+1", "'=1+1"),
        ("\r\n\x00 @x", "'@x"),
        ("\u200b=1", "'=1"),
        ("Dr Anne\nMuller", "Dr Anne Muller"),
        ("Dr Anne Muller-Weber", "Dr Anne Muller-Weber"),
        ("", ""),
    ],
)
def test_a_text_is_never_taken_for_a_formula(text, written):
    assert harmless(text) == written


@given(st.text())
def test_whatever_a_text_is_its_cell_begins_with_nothing_dangerous_and_comes_back_as_it_was_written(text):
    cell = harmless(text)
    assert cell[:1] not in set("=+-@\t\r\n\x00＝＋－＠")  # noqa: RUF001  # full-width signs begin formulas, too
    page = io.StringIO()
    csv.writer(page, delimiter=";").writerow([cell, "next"])
    assert next(csv.reader(io.StringIO(page.getvalue(), newline=""), delimiter=";")) == [cell, "next"]
