"""Why a file that was looked into is not taken, and how to mend it: one refusal for each flaw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from espace_contracts.vocabulary import Locale
from espace_procedures.domain.attachments import MAX_PAGES, MAX_PIXELS, Flaw
from espace_procedures.domain.refusals import Refusal
from espace_procedures.domain.sentences import _


class UnfitFile(Refusal):
    """The file has a flaw."""

    flaw: ClassVar[Flaw]


class Damaged(UnfitFile):
    """It cannot be read to its end."""

    flaw = Flaw.DAMAGED
    says = _("The file is damaged and cannot be read. Open it to see whether it is whole, save or scan it anew, then attach it again.")


class Encrypted(UnfitFile):
    """It asks for a password, or restricts what may be done with it."""

    flaw = Flaw.ENCRYPTED
    says = _("The PDF is protected by a password. Save it without protection, or print it into a new PDF, then attach it again.")


class ActiveContent(UnfitFile):
    """It would do something by itself when opened."""

    flaw = Flaw.ACTIVE_CONTENT
    says = _(
        "The PDF contains scripts, actions, media or a dynamic form. Print it into a new PDF, which leaves them out, then attach that."
    )


class EmbeddedFiles(UnfitFile):
    """It is a portfolio: what it says lies in the files in it, which are not kept."""

    flaw = Flaw.EMBEDDED_FILES
    says = _("Other files are embedded in the PDF. Print it into a new PDF, which leaves them out, and attach the others by themselves.")


class Disguised(UnfitFile):
    """It is a PDF and something else at once."""

    flaw = Flaw.DISGUISED
    says = _("The file is a PDF and another kind of file at once. Print it into a new PDF, then attach that.")


class TooManyPages(UnfitFile):
    """More than MAX_PAGES."""

    flaw = Flaw.TOO_MANY_PAGES
    says = _("The PDF has more than %(pages)s pages. Attach only the pages that matter, or split it into several files.", pages=MAX_PAGES)


class TooManyPixels(UnfitFile):
    """More than MAX_PIXELS."""

    flaw = Flaw.TOO_MANY_PIXELS
    says = _(
        "The picture has more than %(megapixels)s million pixels. Scan or photograph it at a lower resolution, then attach it again.",
        megapixels=MAX_PIXELS // 1_000_000,
    )


class SeveralPictures(UnfitFile):
    """It moves."""

    flaw = Flaw.SEVERAL_PICTURES
    says = _("The file holds several pictures. Save each of them as a picture of its own, or all as one PDF, then attach that.")


class TooComplex(UnfitFile):
    """Looking into it takes more time or memory than one file may have."""

    flaw = Flaw.TOO_COMPLEX
    says = _("The file is too complex to be checked. Print it into a new PDF, or scan it at a lower resolution, then attach that.")


class Infected(UnfitFile):
    """The scanner knows it as malicious."""

    flaw = Flaw.INFECTED
    says = _("The virus scanner found something harmful in the file, so it was not kept. Check your device, and attach another copy.")


class ScannerAway(Refusal):
    """Nothing is stored unscanned."""

    says = _("Files cannot be checked for viruses right now, so this one was not kept. Attach it again in a few minutes.")


UNFIT_FILES: Mapping[Flaw, type[UnfitFile]] = {kind.flaw: kind for kind in UnfitFile.__subclasses__()}


def unfit_file(flaw: Flaw, locale: Locale) -> UnfitFile:
    """The refusal of a file with this flaw."""
    return UNFIT_FILES[flaw](locale)
