"""The templates are written in English; the other languages are gettext catalogues, read from their .po files at the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

SOURCE = "en"
LANGUAGES = {"fr": "Français", "de": "Deutsch", "en": "English", "lb": "Lëtzebuergesch"}
"""Each language by its own name; the first is spoken where none was asked for."""


class Language:
    """One language. `sentences` maps each English sentence to its own; for English itself there is nothing to map."""

    def __init__(self, code: str, sentences: Mapping[str, str]) -> None:
        self.code, self._sentences = code, sentences

    def say(self, sentence: str, /, **values: object) -> Markup:
        """The sentence with its %(name)s filled in, all escaped. Raises KeyError if it was never translated."""
        return escape(sentence if self.code == SOURCE else self._sentences[sentence]) % values


def read_languages() -> Mapping[str, Language]:
    """Every language by its ISO 639-1 code."""
    return {code: Language(code, {} if code == SOURCE else _sentences(code)) for code in LANGUAGES}


def preferred(tags: Iterable[str]) -> str:
    """The first of the tags that is spoken here."""
    return next((tag for tag in tags if tag in LANGUAGES), next(iter(LANGUAGES)))


def _sentences(code: str) -> dict[str, str]:
    with files("espace_identity_provider").joinpath("assets", "locales", f"{code}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=code) if message.string}
