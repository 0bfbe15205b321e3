"""What is done to WeasyPrint for speed changes no byte of any letter."""

from __future__ import annotations

import os

import pytest
import weasyprint.css
from weasyprint import HTML
from weasyprint.css import AnonymousStyle, ComputedStyle

from espace_documents.rendering import typesetter
from espace_documents.rendering.assets import FONTS
from espace_documents.rendering.typesetter import Typesetter


@pytest.fixture(scope="module")
def in_this_process() -> Typesetter:
    """A typesetter as a worker has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "FONTCONFIG_FILE", str(FONTS))
        patch.setitem(os.environ, "SOURCE_DATE_EPOCH", "0")
        yield Typesetter()


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # WeasyPrint leaves its colour profile to the garbage collector
def test_a_letter_is_the_same_as_with_weasyprints_own_styles(in_this_process, sample, each_type, monkeypatch):
    request = sample(each_type, "lb")
    quick = in_this_process.typeset(request)
    monkeypatch.setattr(typesetter, "QuickHTML", HTML)
    monkeypatch.setattr(weasyprint.css, "ComputedStyle", ComputedStyle)
    monkeypatch.setattr(weasyprint.css, "AnonymousStyle", AnonymousStyle)
    assert in_this_process.typeset(request) == quick
