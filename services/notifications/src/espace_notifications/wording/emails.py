"""What e-mails say, in the four languages of the eSpace. Notices say that something waits, never what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from espace_contracts.vocabulary import Locale
from espace_notifications.domain.notice import NoticeKind
from espace_notifications.wording.catalogues import LOCALES, LUXEMBOURG, Catalogues, read_catalogues

SUBJECTS = {
    NoticeKind.DOCUMENT_AVAILABLE: "A new document is in your eSpace",
    NoticeKind.DOCUMENT_UNREAD: "A document in your eSpace is still unread",
    NoticeKind.PROCEDURE_TO_BE_CORRECTED: "A procedure needs your attention",
    NoticeKind.MESSAGE_RECEIVED: "A message is in your eSpace",
    NoticeKind.DRAFT_EXPIRING: "A draft in your eSpace will soon be deleted",
    NoticeKind.EDELIVERY_CHANGED: "The way you receive your documents was changed",
}
PARAGRAPHS = {
    NoticeKind.DOCUMENT_AVAILABLE: ("A new document is in your eSpace. Log in to read it.",),
    NoticeKind.DOCUMENT_UNREAD: ("A document has been in your eSpace for some time and is still unread. Log in to read it.",),
    NoticeKind.PROCEDURE_TO_BE_CORRECTED: ("One of your procedures in the eSpace needs your attention. Log in to see what is to be done.",),
    NoticeKind.MESSAGE_RECEIVED: ("A message about one of your procedures is in your eSpace. Log in to read it.",),
    NoticeKind.DRAFT_EXPIRING: (
        "A procedure that you began in your eSpace was not sent, and will soon be deleted. Log in to go on with it.",
    ),
    NoticeKind.EDELIVERY_CHANGED: (
        "The way you receive your documents was changed in your eSpace.",
        "If it was you, there is nothing to do. If it was not you, log in, check the setting, and tell the CNS at once.",
    ),
}
GREETING = "Good day,"
DISCRETION = "To protect you, this message holds no details and no link. Open your eSpace the way you usually do."
CLOSING = "This message was sent automatically. Please do not reply to it."
CODE_SUBJECT = "Your code for the eSpace"
CODE_ANNOUNCED = "You gave this address in your eSpace. To confirm it, enter this code there:"
CODE_EXPLAINED = (
    "It is valid until %(time)s, Luxembourg time. Tell it to nobody; the CNS will never ask you for it.",
    "If you did not ask for this code, ignore this message: without the code, the address is not used.",
)


@dataclass(frozen=True)
class Wording:
    """The sentences by language."""

    catalogues: Catalogues

    @classmethod
    def read(cls, locales: Path = LOCALES) -> Self:
        """Every catalogue. Raises LookupError when one lacks a sentence."""
        return cls(read_catalogues("notifications", sentences(), locales))

    def subject(self, kind: NoticeKind, locale: Locale) -> str:
        """The line a mail box shows."""
        return self.catalogues[locale][SUBJECTS[kind]]

    def text(self, kind: NoticeKind, locale: Locale) -> str:
        """The whole message, one paragraph a line."""
        return self._paragraphs(locale, GREETING, *PARAGRAPHS[kind], DISCRETION, CLOSING) + "\n"

    def code_subject(self, locale: Locale) -> str:
        """The same line for the e-mail with a code, which is not in it: a mail box shows it to whoever looks."""
        return self.catalogues[locale][CODE_SUBJECT]

    def code_text(self, code: str, until: datetime, locale: Locale) -> str:
        """The whole e-mail with a code, valid until the given moment; the code stands in a line of its own."""
        explained = self._paragraphs(locale, *CODE_EXPLAINED) % {"time": f"{until.astimezone(LUXEMBOURG):%H:%M}"}
        announced, closing = self._paragraphs(locale, GREETING, CODE_ANNOUNCED), self._paragraphs(locale, CLOSING)
        return f"{announced}\n\n{code}\n\n{explained}\n\n{closing}\n"

    def _paragraphs(self, locale: Locale, *sentences: str) -> str:
        return "\n\n".join(self.catalogues[locale][sentence] for sentence in sentences)


def sentences() -> tuple[str, ...]:
    """Every sentence that an e-mail may say, in English."""
    told = (sentence for paragraphs in PARAGRAPHS.values() for sentence in paragraphs)
    return (*SUBJECTS.values(), GREETING, *told, DISCRETION, CLOSING, CODE_SUBJECT, CODE_ANNOUNCED, *CODE_EXPLAINED)
