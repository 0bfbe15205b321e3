"""What notices say, in the four languages of the eSpace: that something waits, never what.

The sentences are written here in English; the other languages are gettext catalogues, read from their .po files at the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from babel.messages.pofile import read_po

from espace_contracts.vocabulary import Locale
from espace_notifications.domain.notice import NoticeKind

LOCALES = Path(__file__).parents[1] / "assets" / "locales"

SUBJECTS = {
    NoticeKind.DOCUMENT_AVAILABLE: "A new document is in your eSpace",
    NoticeKind.PROCEDURE_TO_BE_CORRECTED: "A procedure needs your attention",
    NoticeKind.EDELIVERY_CHANGED: "The way you receive your documents was changed",
}
PARAGRAPHS = {
    NoticeKind.DOCUMENT_AVAILABLE: ("A new document is in your eSpace. Log in to read it.",),
    NoticeKind.PROCEDURE_TO_BE_CORRECTED: ("One of your procedures in the eSpace needs your attention. Log in to see what is to be done.",),
    NoticeKind.EDELIVERY_CHANGED: (
        "The way you receive your documents was changed in your eSpace.",
        "If it was you, there is nothing to do. If it was not you, log in, check the setting, and tell the CNS at once.",
    ),
}
GREETING = "Good day,"
CLOSING = (
    "To protect you, this message holds no details and no link. Open your eSpace the way you usually do.",
    "This message was sent automatically. Please do not reply to it.",
)


@dataclass(frozen=True)
class Wording:
    """The sentences by language; English is its own translation."""

    catalogues: Mapping[Locale, Mapping[str, str]]

    @classmethod
    def read(cls, locales: Path = LOCALES) -> Self:
        """Every catalogue. Raises LookupError when one lacks a sentence, so that the service does not start half mute."""
        languages = [locale for locale in Locale if locale is not Locale.ENGLISH]
        return cls(
            {Locale.ENGLISH: {sentence: sentence for sentence in sentences()}} | {each: _catalogue(locales, each) for each in languages}
        )

    def subject(self, kind: NoticeKind, locale: Locale) -> str:
        """The line a mail box shows."""
        return self.catalogues[locale][SUBJECTS[kind]]

    def text(self, kind: NoticeKind, locale: Locale) -> str:
        """The whole message, one paragraph a line."""
        return "\n\n".join(self.catalogues[locale][sentence] for sentence in (GREETING, *PARAGRAPHS[kind], *CLOSING)) + "\n"


def sentences() -> tuple[str, ...]:
    """Every sentence that a notice may say, in English."""
    return (*SUBJECTS.values(), GREETING, *(sentence for paragraphs in PARAGRAPHS.values() for sentence in paragraphs), *CLOSING)


def _catalogue(locales: Path, locale: Locale) -> dict[str, str]:
    with (locales / locale / "LC_MESSAGES" / "notifications.po").open("rb") as file:
        read = read_po(file, locale=locale, abort_invalid=True)
    translations = {str(message.id): str(message.string) for message in read if message.id and message.string and not message.fuzzy}
    if missing := [sentence for sentence in sentences() if sentence not in translations]:
        raise LookupError(f"The catalogue {locale} does not translate: {'; '.join(missing)}. Add the sentence to its notifications.po.")
    return translations
