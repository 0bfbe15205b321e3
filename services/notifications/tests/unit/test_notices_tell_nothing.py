from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime

import pytest

from espace_contracts.vocabulary import Locale
from espace_notifications.domain.notice import NoticeKind
from espace_notifications.wording.catalogues import LOCALES
from espace_notifications.wording.emails import Wording, sentences
from espace_notifications.wording.text_messages import GSM_ALPHABET, LONGEST, TextMessages
from espace_notifications.wording.text_messages import sentences as text_sentences

each_kind = pytest.mark.parametrize("kind", NoticeKind)
each_locale = pytest.mark.parametrize("locale", Locale)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording.read()


@pytest.fixture(scope="module")
def texts() -> TextMessages:
    return TextMessages.read()


def fits_one_message(text: str) -> bool:
    """As a phone network counts it, without falling back to UCS-2, where it would be several."""
    return len(text) <= LONGEST and set(text) <= GSM_ALPHABET


@each_locale
@each_kind
def test_a_notice_says_nothing_but_that_something_waits(wording, texts, kind, locale):
    for text in (wording.subject(kind, locale), wording.text(kind, locale), texts.text(kind, locale)):
        assert not any(character.isdigit() for character in text)
        assert not any(mark in text for mark in ("%", "{", "://", "www.", "@"))


@each_locale
def test_a_translation_fills_in_the_same_values(wording, texts, locale):
    for sentence, translation in [*wording.catalogues[locale].items(), *texts.catalogues[locale].items()]:
        assert re.findall(r"%\(\w+\)s|%", translation) == re.findall(r"%\(\w+\)s|%", sentence)


@each_locale
def test_every_sentence_is_said_in_every_language(wording, texts, locale):
    for said, wanted in ((wording.catalogues[locale], sentences()), (texts.catalogues[locale], text_sentences())):
        assert set(said) == set(wanted), "a sentence is missing, or one is left over"
        if locale is not Locale.ENGLISH:
            assert [sentence for sentence in wanted if said[sentence] == sentence] == []


@each_locale
@each_kind
def test_a_text_message_fits_into_one_of_160_letters_in_every_language(texts, kind, locale):
    assert fits_one_message(texts.text(kind, locale)), texts.text(kind, locale)


@each_locale
def test_a_code_fits_into_one_text_message_beside_the_time_until_which_it_is_valid_in_luxembourg(texts, locale):
    text = texts.code_text("042817", datetime(2026, 7, 1, 22, 5, tzinfo=UTC), locale)
    assert fits_one_message(text), text
    assert re.findall(r"[0-9]+", text) == ["042817", "00", "05"]
    assert not any(mark in text for mark in ("%", "{", "://", "www.", "@"))


@pytest.mark.parametrize("letter", [*"ëêçô…€", "\N{RIGHT SINGLE QUOTATION MARK}", "\N{EN DASH}"])
def test_letters_that_would_make_one_message_several_are_told_apart(letter):
    assert not fits_one_message(f"A document is there{letter}")


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
def test_the_languages_differ(wording, texts, kind):
    for said in (wording, texts):
        assert len({said.text(kind, locale) for locale in Locale}) == len(Locale)


def test_a_catalogue_that_lacks_a_sentence_stops_the_start(tmp_path):
    shutil.copytree(LOCALES, tmp_path / "locales")
    catalogue = tmp_path / "locales/lb/LC_MESSAGES/notifications.po"
    catalogue.write_text(catalogue.read_text(encoding="utf-8").replace('msgstr "Gudden Dag,"', 'msgstr ""'), encoding="utf-8")
    with pytest.raises(LookupError, match="lb does not translate: Good day,"):
        Wording.read(tmp_path / "locales")
