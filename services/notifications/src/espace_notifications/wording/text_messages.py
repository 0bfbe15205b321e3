"""What text messages say, in the four languages of the eSpace: as little as the e-mails, in one message each.

A text message may wait for the morning: the person may have read by then what it reminds of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from espace_contracts.vocabulary import Locale
from espace_notifications.domain.notice import NoticeKind
from espace_notifications.wording.catalogues import LOCALES, LUXEMBOURG, Catalogues, read_catalogues

GSM_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet of GSM 03.38, without its extension, whose letters count double. One letter outside makes the whole message one of
UCS-2, in which 70 letters fit instead of 160."""
LONGEST = 160

USUAL = "Open your eSpace the way you usually do. This message holds no link."
TEXTS = {
    NoticeKind.DOCUMENT_AVAILABLE: ("CNS: A new document is in your eSpace.", USUAL),
    NoticeKind.DOCUMENT_UNREAD: ("CNS: A document in your eSpace may still be unread.", USUAL),
    NoticeKind.PROCEDURE_TO_BE_CORRECTED: ("CNS: A procedure in your eSpace needs your attention.", USUAL),
    NoticeKind.MESSAGE_RECEIVED: ("CNS: A message is in your eSpace.", USUAL),
    NoticeKind.DRAFT_EXPIRING: ("CNS: A draft in your eSpace will soon be deleted.", USUAL),
    NoticeKind.EDELIVERY_CHANGED: (
        "CNS: The way you receive your documents was changed in your eSpace.",
        "If it was not you, tell the CNS at once.",
    ),
}
CODE = "CNS: Your code for the eSpace is %(code)s, valid until %(time)s. Tell it to nobody; the CNS will never ask you for it."


@dataclass(frozen=True)
class TextMessages:
    """The sentences by language."""

    catalogues: Catalogues

    @classmethod
    def read(cls, locales: Path = LOCALES) -> Self:
        """Every catalogue. Raises LookupError when one lacks a sentence."""
        return cls(read_catalogues("text_messages", sentences(), locales))

    def text(self, kind: NoticeKind, locale: Locale) -> str:
        """The whole message."""
        return " ".join(self.catalogues[locale][sentence] for sentence in TEXTS[kind])

    def code_text(self, code: str, until: datetime, locale: Locale) -> str:
        """The whole message with a code, valid until the given moment."""
        return self.catalogues[locale][CODE] % {"code": code, "time": f"{until.astimezone(LUXEMBOURG):%H:%M}"}


def sentences() -> tuple[str, ...]:
    """Every sentence that a text message may say, in English, each once."""
    return (*dict.fromkeys(sentence for parts in TEXTS.values() for sentence in parts), CODE)
