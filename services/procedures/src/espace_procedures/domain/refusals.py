"""Why a person's step is refused: one name and one sentence each, in the language of the procedure."""

from __future__ import annotations

from typing import ClassVar

from espace_contracts.vocabulary import Locale
from espace_procedures.domain.answers import Finding
from espace_procedures.domain.attachments import MAX_BYTES, MAX_FILES
from espace_procedures.domain.sentences import Sentence, _


class Refusal(Exception):
    """A step that cannot be taken. Its sentence says why and what to do; the exception's own text stays empty."""

    says: ClassVar[Sentence]

    def __init__(self, locale: Locale, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__()
        self.locale, self.findings = locale, findings


class WithTheFund(Refusal):
    """It was forwarded, and the fund has it."""

    says = _("The CNS is working on this procedure. You can change it again if the CNS asks you for a correction.")


class AlreadyClosed(Refusal):
    """The fund has decided; closed is final."""

    says = _("This procedure is closed and can no longer be changed. Start a new one if something is still to be done.")


class ForwardedBefore(Refusal):
    """Only a draft can be deleted, and this one has been with the fund."""

    says = _("Only a draft can be deleted, and this procedure was forwarded before. Correct it and forward it again.")


class FreshLoginNeeded(Refusal):
    """This procedure is forwarded only soon after a login."""

    says = _("To protect you, this procedure can be forwarded only soon after a login. Log in again, then forward it; your draft is kept.")


class AnswersToCorrect(Refusal):
    """Each finding names its answer."""

    says = _("Some answers need your attention. Each is named, with what to do.")


class UnknownRole(Refusal):
    """The procedure does not ask for such a file."""

    says = _("This procedure does not ask for such a file. Attach only the files that it lists.")


class EmptyFile(Refusal):
    """Nothing is in it."""

    says = _("The file is empty. Open it to see whether it was saved, then attach it again.")


class FileTooLarge(Refusal):
    """More than MAX_BYTES."""

    says = _(
        "The file is larger than %(megabytes)s MB. Scan it at a lower resolution, or attach its pages as several files.",
        megabytes=MAX_BYTES // 1024 // 1024,
    )


class FileTypeNotTaken(Refusal):
    """Neither PDF nor JPEG nor PNG, whatever its name says."""

    says = _("The file is neither a PDF nor a JPEG or PNG picture. Save or scan it as one of these, then attach it again.")


class TooManyFiles(Refusal):
    """MAX_FILES are attached already."""

    says = _("A procedure takes %(files)s files, and so many are attached. Remove one, or put several pages into one PDF.", files=MAX_FILES)
