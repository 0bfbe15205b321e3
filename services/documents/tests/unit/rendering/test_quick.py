"""What is done to WeasyPrint for speed changes no byte of any letter."""

from __future__ import annotations

import os
import re

import pydyf
import pytest
import weasyprint.css
import weasyprint.draw.text
import weasyprint.layout.inline
import weasyprint.text.line_break
from weasyprint import CSS, HTML
from weasyprint.css import InitialStyle
from weasyprint.urls import URLFetcher

from espace_documents.rendering import typesetter
from espace_documents.rendering.assets import ASSETS, FONTS
from espace_documents.rendering.quick import glyphs, lengths, lines, streams, styles, text
from espace_documents.rendering.typesetter import Typesetter

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # WeasyPrint leaves its colour profile open


@pytest.fixture(scope="module")
def in_this_process() -> Typesetter:
    """A typesetter as a worker has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "FONTCONFIG_FILE", str(FONTS))
        patch.setitem(os.environ, "SOURCE_DATE_EPOCH", "0")
        yield Typesetter()


@pytest.fixture
def plain_ways(in_this_process, monkeypatch) -> Typesetter:
    """The same typesetter with WeasyPrint as it comes, the packing of streams apart: those hold the same, packed less or more."""

    def page(markup: str, url_fetcher: URLFetcher) -> HTML:
        return HTML(string=markup, url_fetcher=url_fetcher)

    monkeypatch.setattr(typesetter, "QuickPage", page)
    monkeypatch.setattr(weasyprint.css, "ComputedStyle", styles.ComputedStyle)
    monkeypatch.setattr(weasyprint.css, "AnonymousStyle", styles.AnonymousStyle)
    monkeypatch.setattr(weasyprint.text.line_break, "Layout", text.Layout)
    monkeypatch.setattr(weasyprint.layout.inline, "strut", text.strut)
    monkeypatch.setattr(weasyprint.layout.inline, "split_first_line", text.split_first_line)
    monkeypatch.setattr(weasyprint.layout.inline, "get_next_linebox", lines.get_any_linebox)
    monkeypatch.setattr(weasyprint.draw.text, "draw_first_line", glyphs.draw_any_first_line)
    monkeypatch.setattr(pydyf, "PDF", streams.QuickPDF.__base__)
    for module in lengths.USERS:
        monkeypatch.setattr(module, "resolve_percentages", lengths.resolve_percentages)
    return in_this_process


@pytest.mark.parametrize("size", ["smallest", "sample", "largest"])
def test_a_letter_is_the_same_as_weasyprint_makes_it(in_this_process, sample, each_type, size, request):
    wanted = sample(each_type, "lb", size=size)
    quick = in_this_process.typeset(wanted)
    request.getfixturevalue("plain_ways")
    assert in_this_process.typeset(wanted) == quick


@pytest.fixture
def few_known_styles(monkeypatch) -> None:
    """So few that each document pushes out what the one before it left."""
    monkeypatch.setattr(styles, "KNOWN", {})
    monkeypatch.setattr(styles, "KNOWN_AT_MOST", 40)


def test_a_letter_is_the_same_whatever_was_made_before_it(in_this_process, sample):
    wanted = [sample(kind, locale) for kind in ("bank_account_change", "reimbursement_statement") for locale in ("fr", "de")]
    first = [in_this_process.typeset(each) for each in wanted]
    known = [*styles.KNOWN]
    again = [in_this_process.typeset(each) for each in reversed(wanted)]
    assert [*reversed(again)] == first
    assert {*styles.KNOWN} == {*known}, "the styles of a letter made before are known"


@pytest.mark.usefixtures("few_known_styles")
def test_a_letter_is_the_same_when_its_styles_are_no_longer_known(in_this_process, sample):
    wanted = sample("reimbursement_statement", "fr")
    first = in_this_process.typeset(wanted)
    assert in_this_process.typeset(wanted) == first
    assert len(styles.KNOWN) == styles.KNOWN_AT_MOST


def test_a_copy_of_a_style_is_worked_out_by_itself(in_this_process):
    style = styles.QuickStyle(None, {}, None, InitialStyle(in_this_process._fonts), None, in_this_process._fonts, {})
    copy = style.copy()
    copy["font_size"] = 99
    assert styles.handed_down(copy)["font_size"] == 99
    assert styles.handed_down(style)["font_size"] == 16


LINES = {
    "in several pieces": "<p>one <strong>two</strong> three</p>",
    "broken": "<p style='width: 30mm'>  so many words that they take several lines, and the last is short </p>",
    "beside a float": "<p style='float: left; width: 20mm'>left</p><p>right of it, and then below it, as it is long</p>",
    "just as wide as its words": "".join(
        f"<p style='float: left; clear: left; margin-left: {number * 1.7}mm'>{number} of {number * 7} words</p>" for number in range(40)
    ),
    "justified": "<p style='width: 40mm; text-align: justify'>words with wider spaces between them than in other lines</p>",
    "centred and to the right": "<p style='text-align: center'>middle </p><p style='text-align: right'> right </p>",
    "indented": "<p style='text-indent: 8mm; width: 30mm'>the first line begins further to the right</p>",
    "from right to left": "<p style='direction: rtl'>1.234 (5)</p>",
    "raised": "<p>a<span style='vertical-align: super'>b</span> <span style='vertical-align: 2mm'>c</span></p>",
    "high and low": "<p style='line-height: 3mm'>low</p><p style='line-height: 30mm'>high</p>",
    "spaced": "<p style='letter-spacing: 1mm'>wide</p><p style='word-spacing: 2mm'>far apart</p>",
    "underlined": "<p style='text-decoration: underline'>under</p>",
    "as it is written": "<p style='white-space: pre'>one\n  two\tthree</p><p style='white-space: nowrap; width: 3mm'>not broken</p>",
    "hyphenated": "<p lang='de' style='width: 14mm; hyphens: auto'>Versicherungsnummer</p><p style='width: 9mm'>soft\u00adhyphen</p>",
    "too wide": "<p style='width: 5mm'>Unbreakable</p><p style='width: 6mm; overflow-wrap: anywhere'>Unbreakable</p>",
    "of a first line and letter that differ": "<p id='first' style='width: 30mm'>A paragraph of more than one line</p>",
    "the same in cells of several widths": "<table><tr>"
    + "".join(f"<th style='width: {width}mm'></th>" for width in (40, 12, 8, 12))
    + f"</tr><tr>{4 * '<td>words that are broken where the cell ends</td>'}</tr></table>",
    "of ligatures and accents": "<p>fi ffl e\u0301 a\u0308 x\u0323\u0308 \u1e69\u0301 g\u0302\u0301</p>",
    "of glyphs that nobody sees": "<p>a\u200bb\u2060c\u200dd</p>",
    "of two fonts": "<p>in Greek: \u0395\u03bb\u03bb\u03ac\u03b4\u03b1</p><p>\u0395\u03bb\u03bb\u03ac\u03b4\u03b1</p>",
    "with something placed apart": "<p>before <span style='position: absolute'>apart</span> behind</p>",
    "beside each other": "<div style='display: flex'><p>one</p><p style='flex: 1'>two <i>three</i></p></div>",
    "in a grid": "<div style='display: grid; grid-template-columns: 1fr 2fr'><p>one</p><p>two <i>three</i></p></div>",
    "empty": "<p> </p><p></p><p><span> </span>x</p>",
}


@pytest.mark.parametrize("markup", LINES.values(), ids=LINES)
def test_a_line_is_the_same_as_weasyprint_sets_it(in_this_process, markup, request):
    declared = dict.fromkeys(re.findall(r"style='(.*?)'", markup))
    for number, declarations in enumerate(declared):
        markup = markup.replace(f"style='{declarations}'", f"class='style{number}'")
    rules = "".join(f".style{number} {{ {declarations} }}" for number, declarations in enumerate(declared))
    own = "table { table-layout: fixed; width: 90mm } #first::first-line { color: red } #first::first-letter { font-size: 20pt }"
    sheet = CSS(string=f"body {{ font-family: eSpace Sans }} {own} {rules}")

    def drawn() -> bytes:
        page = typesetter.QuickPage(f"<html lang='fr'><body>{markup}</body></html>", in_this_process._fetcher)
        written: bytes = page.write_pdf(font_config=in_this_process._fonts, stylesheets=[sheet], uncompressed_pdf=True)
        return written

    quick, again = drawn(), drawn()
    request.getfixturevalue("plain_ways")
    assert drawn() == quick == again


def test_no_style_sheet_counts_in_parts_of_the_page():
    sheets = [*(ASSETS / "templates").rglob("*.css")]
    assert sheets
    for sheet in sheets:
        assert not re.search(r"\d(vw|vh|vi|vb|vmin|vmax)\b", sheet.read_text(encoding="utf-8")), sheet
