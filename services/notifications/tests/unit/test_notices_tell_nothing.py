from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime

import pytest

from espace_contracts.vocabulary import Locale
from espace_notifications.domain.notice import NoticeKind
from espace_notifications.mail.wording import LOCALES, Wording, sentences

each_kind = pytest.mark.parametrize("kind", NoticeKind)
each_locale = pytest.mark.parametrize("locale", Locale)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording.read()


@each_locale
@each_kind
def test_a_notice_says_nothing_but_that_something_waits(wording, kind, locale):
    for text in (wording.subject(kind, locale), wording.text(kind, locale)):
        assert not any(character.isdigit() for character in text)
        assert not any(mark in text for mark in ("%", "{", "://", "www.", "@"))


@each_locale
def test_a_translation_fills_in_the_same_values(wording, locale):
    for sentence, translation in wording.catalogues[locale].items():
        assert re.findall(r"%\(\w+\)s|%", translation) == re.findall(r"%\(\w+\)s|%", sentence)


@each_locale
def test_every_sentence_is_said_in_every_language(wording, locale):
    said = wording.catalogues[locale]
    assert set(said) == set(sentences()), "a sentence is missing, or one is left over"
    if locale is not Locale.ENGLISH:
        assert [sentence for sentence in sentences() if said[sentence] == sentence] == []


@each_locale
def test_a_code_stands_in_a_line_of_its_own_beside_the_time_until_which_it_is_valid_in_luxembourg(wording, locale):
    text = wording.code_text("042817", datetime(2026, 7, 1, 22, 5, tzinfo=UTC), locale)
    assert text.splitlines().count("042817") == 1
    assert "00:05" in text
    assert not any(mark in text for mark in ("%", "{", "://", "www.", "@"))
    assert not any(character.isdigit() for character in wording.code_subject(locale)), "a mail box shows it to whoever looks"


def test_the_languages_of_a_code_differ(wording):
    assert len({wording.code_text("042817", datetime(2026, 7, 1, tzinfo=UTC), locale) for locale in Locale}) == len(Locale)


@each_kind
def test_the_languages_differ(wording, kind):
    assert len({wording.text(kind, locale) for locale in Locale}) == len(Locale)


def test_a_catalogue_that_lacks_a_sentence_stops_the_start(tmp_path):
    shutil.copytree(LOCALES, tmp_path / "locales")
    catalogue = tmp_path / "locales/lb/LC_MESSAGES/notifications.po"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace('msgstr "Gudden Dag,"', 'msgstr ""'), encoding="utf-8")
    with pytest.raises(LookupError, match="lb does not translate: Good day,"):
        Wording.read(tmp_path / "locales")
