"""Why a person's step is refused: one name and one sentence each, in the language of the procedure."""

from __future__ import annotations

from datetime import datetime, timedelta

from espace_contracts.vocabulary import Locale
from espace_procedures.domain.answers import Finding
from espace_procedures.domain.attachments import ATTACHED_WITHIN, MAX_BYTES, MAX_FILES, media_type_of
from espace_procedures.domain.conversation import MAX_CHARACTERS, MAX_WRITTEN
from espace_procedures.domain.sentences import Sentence, _


class Refusal(Exception):
    """A step that cannot be taken. Its sentence says why and what to do; the exception's own text stays empty."""

    says: Sentence

    def __init__(self, locale: Locale, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__()
        self.locale, self.findings = locale, findings


class ResidentsOnly(Refusal):
    """The procedure is for residents of Luxembourg. The procedure itself says where others have to go."""

    def __init__(self, locale: Locale, says: Sentence) -> None:
        super().__init__(locale)
        self.says = says


class WithTheFund(Refusal):
    """It was forwarded, and the fund has it."""

    says = _("The CNS is working on this procedure. You can change it again if the CNS asks you for a correction.")


class AlreadyClosed(Refusal):
    """The fund has decided, or the person took it back; closed is final."""

    says = _("This procedure is closed and can no longer be changed. Start a new one if something is still to be done.")


class ForwardedBefore(Refusal):
    """Only a draft can be deleted, and this one has been with the fund."""

    says = _("Only a draft can be deleted, and this procedure was forwarded before. Correct it and forward it again, or withdraw it.")


class NotForwardedYet(Refusal):
    """The fund knows nothing of a draft: it cannot be withdrawn from it, nor written about to it."""

    says = _("The CNS does not have this procedure yet. Forward it first, or delete the draft.")


class FreshLoginNeeded(Refusal):
    """This procedure is forwarded only soon after a login."""

    says = _("To protect you, this procedure can be forwarded only soon after a login. Log in again, then forward it; your draft is kept.")


class NotByMandate(Refusal):
    """What wants a fresh login wants the person's own."""

    says = _(
        "Nobody may forward this procedure on behalf of another person. The draft is kept: the person forwards it with their own login."
    )


class AnswersToCorrect(Refusal):
    """Each finding names its answer."""

    says = _("Some answers need your attention. Each is named, with what to do.")


class MessageEmpty(Refusal):
    """Nothing but spaces."""

    says = _("The message is empty. Write what the CNS should know, then send it.")


class MessageTooLong(Refusal):
    """More than MAX_CHARACTERS."""

    says = _("A message has %(limit)s characters at most. Shorten it, or send the rest as a second message.", limit=MAX_CHARACTERS)


class MessageUnreadable(Refusal):
    """A control character, or half of a character, which JSON can write and no text can hold."""

    says = _("The message has a character that nobody can read. Take out what was pasted, write it anew, then send it.")


class TooManyMessages(Refusal):
    """The person wrote MAX_WRITTEN messages about this procedure."""

    says = _("You have written %(limit)s messages about this procedure, and it takes no more. Please call the CNS.", limit=MAX_WRITTEN)


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


class TookTooLong(Refusal):
    """Its process stood still, or was overrun: what the request stored may be gone, so nothing may come to refer to it."""

    says = _(
        "This took longer than %(minutes)s minutes on our side, so nothing of it was kept. "
        "Send it again; if that takes as long, call the CNS.",
        minutes=ATTACHED_WITHIN // timedelta(minutes=1),
    )


def must_be_in_time(arrived_at: datetime, now: datetime, locale: Locale) -> None:
    """To be asked right before a file comes to be referred to. Raises TookTooLong."""
    if now - arrived_at > ATTACHED_WITHIN:
        raise TookTooLong(locale)


def acceptable_type(content: bytes, locale: Locale) -> str:
    """What a file is by its content. Raises EmptyFile, FileTooLarge or FileTypeNotTaken."""
    if not content:
        raise EmptyFile(locale)
    if len(content) > MAX_BYTES:
        raise FileTooLarge(locale)
    media_type = media_type_of(content)
    if media_type is None:
        raise FileTypeNotTaken(locale)
    return media_type
