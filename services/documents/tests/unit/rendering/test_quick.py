"""What is done to WeasyPrint for speed changes no byte of any letter."""

from __future__ import annotations

import os

import pytest
import weasyprint.css
import weasyprint.layout.inline
import weasyprint.text.line_break
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from espace_documents.rendering import typesetter
from espace_documents.rendering.assets import FONTS
from espace_documents.rendering.quick import lengths, styles, text
from espace_documents.rendering.typesetter import Typesetter


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
    for module in lengths.USERS:
        monkeypatch.setattr(module, "resolve_percentages", lengths.resolve_percentages)
    return in_this_process


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # WeasyPrint leaves its colour profile to the garbage collector
@pytest.mark.parametrize("size", ["smallest", "sample", "largest"])
def test_a_letter_is_the_same_as_weasyprint_makes_it(in_this_process, sample, each_type, size, request):
    wanted = sample(each_type, "lb", size=size)
    quick = in_this_process.typeset(wanted)
    request.getfixturevalue("plain_ways")
    assert in_this_process.typeset(wanted) == quick
