"""What procedures take into an answer, documents can print: no approval may end in a document that cannot be typeset."""

from __future__ import annotations

from importlib.resources import files

import pytest
from fontTools.ttLib import TTFont

from espace_procedures.domain.answers import AnswerType

FONTS = files("espace_documents") / "assets/fonts"


@pytest.mark.parametrize("weight", ["Regular", "Semibold"])
def test_the_fonts_have_every_character_that_an_answer_may_have(weight):
    printed: set[int] = set()
    for family in ("eSpaceSans", "eSpaceSansExtra"):
        with (FONTS / f"{family}-{weight}.ttf").open("rb") as file, TTFont(file) as font:
            printed |= font.getBestCmap().keys()
    typed = {code for code in range(0x20, 0x1_0000) if not 0xD800 <= code < 0xE000 and AnswerType.TEXT.error(chr(code)) is None}
    assert typed - printed == set()
    assert len(typed) > 500
