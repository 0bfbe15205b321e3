"""The sentences are written in English beside what says them; the other languages are gettext catalogues, read from their .po files at the
start."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.messages.pofile import read_po

from espace_contracts.vocabulary import Locale

LOCALES = Path(__file__).parents[1] / "assets" / "locales"
LUXEMBOURG = ZoneInfo("Europe/Luxembourg")

Catalogues = Mapping[Locale, Mapping[str, str]]
"""Each sentence by language; English is its own translation."""


def read_catalogues(name: str, sentences: Collection[str], locales: Path = LOCALES) -> Catalogues:
    """Every language's `<name>.po`. Raises LookupError when one lacks a sentence, so that the service does not start half mute."""
    english = {sentence: sentence for sentence in sentences}
    return {Locale.ENGLISH: english} | {
        locale: _catalogue(locales / locale / "LC_MESSAGES" / f"{name}.po", locale, sentences)
        for locale in Locale
        if locale is not Locale.ENGLISH
    }


def _catalogue(path: Path, locale: Locale, sentences: Collection[str]) -> dict[str, str]:
    with path.open("rb") as file:
        read = read_po(file, locale=locale, abort_invalid=True)
    translations = {str(message.id): str(message.string) for message in read if message.id and message.string and not message.fuzzy}
    if missing := [sentence for sentence in sentences if sentence not in translations]:
        raise LookupError(f"The catalogue {locale} does not translate: {'; '.join(missing)}. Add the sentence to its {path.name}.")
    return translations
