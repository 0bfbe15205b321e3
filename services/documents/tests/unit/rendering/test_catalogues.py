from __future__ import annotations

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from espace_documents.rendering import RenderingRefused
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.language import Language

TRANSLATED = ["fr", "de", "lb"]


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    """All that the templates say."""
    found = extract_from_dir(ASSETS / "templates", [("**.html", "jinja2")])
    return {message for _, _, message, _, _ in found}


@pytest.fixture(params=TRANSLATED)
def catalogue(request):
    with (ASSETS / "locales" / request.param / "LC_MESSAGES" / "documents.po").open("rb") as file:
        return read_po(file, locale=request.param, abort_invalid=True)


def test_every_sentence_is_translated_and_no_translation_is_left_over(sentences, catalogue):
    assert len(sentences) > 50
    assert {message.id for message in catalogue if message.id and message.string and not message.fuzzy} == sentences


def test_a_translation_fills_in_the_same_values(catalogue):
    for message in catalogue:
        assert sorted(re.findall(r"%\(\w+\)s|%", str(message.string))) == sorted(re.findall(r"%\(\w+\)s|%", str(message.id))), message.id


def test_french_keeps_its_signs_on_the_line():
    with (ASSETS / "locales" / "fr" / "LC_MESSAGES" / "documents.po").open("rb") as file:
        for message in read_po(file, locale="fr"):
            assert not re.search(r" [:;?!]", str(message.string)) or not message.id, message.string


def test_a_sentence_without_a_translation_refuses_the_document():
    with pytest.raises(RenderingRefused, match="'lb' does not translate 'Yours faithfully,'"):
        Language("lb", {}).sentence("Yours faithfully,")
