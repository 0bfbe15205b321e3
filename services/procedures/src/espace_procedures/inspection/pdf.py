"""PDFs are parsed; what could act by itself is refused. One that carries other files is written anew without them; all else is kept as it
is, so that a bank's own signature stays valid."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

from pikepdf import Array, Dictionary, Name, Object, PasswordError, Pdf, PdfError, Stream

from espace_procedures.domain.attachments import MAX_PAGES, Flaw, Unfit
from espace_procedures.inspection.embedded_files import carries_files, leave_out_files

_MAX_OBJECTS = 50_000
_MAX_DEPTH = 60
"""How deep dictionaries may lie in each other within one object; a PDF has no use for more than a few."""

_END = b"%%EOF"
_SCRIPTED = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"})
_HARMLESS_ACTIONS = frozenset({"/GoTo", "/URI", "/Named", "/Thread"})
"""They move the reader within the document or, on a click, to a page of the web."""
_ACTIONS = frozenset({
    "/Launch", "/JavaScript", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute",
})  # fmt: skip
"""They start a program, run a script, send or fetch data, open other files or play media, wherever they stand."""
_ACTIVE_ANNOTATIONS = frozenset({"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})


def pdf_anew(content: bytes) -> bytes:
    """The PDF without the files that it carries; empty when it carries none and stays as it came.

    Raises Unfit for what is damaged, protected, active, a portfolio of files, or another kind of file at once.
    """
    _must_be_nothing_else(content)
    try:
        with Pdf.open(BytesIO(content)) as pdf:
            return _without_files(pdf) if _is_carrying_files(pdf) else b""
    except PasswordError:
        raise Unfit(Flaw.ENCRYPTED) from None
    except (PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise Unfit(Flaw.DAMAGED) from None


def _is_carrying_files(pdf: Pdf) -> bool:
    """Looks at all of it. Raises Unfit for what acts, or is too much to look at."""
    _check_size(pdf)
    _check_catalogue(pdf.Root)
    carries = False
    for dictionary in _dictionaries(pdf):
        _must_not_act(dictionary)
        carries = carries or carries_files(dictionary)
    return carries


def _without_files(pdf: Pdf) -> bytes:
    leave_out_files(pdf, _dictionaries(pdf))
    anew = BytesIO()
    pdf.save(anew)
    with Pdf.open(anew) as written:
        if _is_carrying_files(written):  # what could not be left out is not taken
            raise Unfit(Flaw.EMBEDDED_FILES)
    return anew.getvalue()


def _must_be_nothing_else(content: bytes) -> None:
    end = content.rfind(_END)
    if end < 0:
        raise Unfit(Flaw.DAMAGED)
    if content[end + len(_END) :].strip(b"\0\t\n\f\r ") or zipfile.is_zipfile(BytesIO(content)):
        raise Unfit(Flaw.DISGUISED)


def _check_size(pdf: Pdf) -> None:
    if pdf.is_encrypted:
        raise Unfit(Flaw.ENCRYPTED)
    if len(pdf.objects) > _MAX_OBJECTS:
        raise Unfit(Flaw.TOO_COMPLEX)
    if len(pdf.pages) > MAX_PAGES:
        raise Unfit(Flaw.TOO_MANY_PAGES)
    if len(pdf.pages) == 0:
        raise Unfit(Flaw.DAMAGED)


def _check_catalogue(catalogue: Object) -> None:
    opening = catalogue.get(Name.OpenAction)
    if isinstance(opening, Dictionary) and str(opening.get(Name.S)) != "/GoTo":
        raise Unfit(Flaw.ACTIVE_CONTENT)


def _dictionaries(pdf: Pdf) -> Iterator[Dictionary]:
    """All there are, whether anything refers to them or not."""
    for part in (pdf.trailer, *pdf.objects):
        yield from _dictionaries_in(part)


def _dictionaries_in(part: Object) -> Iterator[Dictionary]:
    """Those of one object, however deep they lie; what it refers to is an object of its own."""
    waiting: list[tuple[Object, int]] = [(part, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _MAX_DEPTH:
            raise Unfit(Flaw.TOO_COMPLEX)
        match value:
            case Stream():
                waiting.append((value.stream_dict, depth + 1))
            case Dictionary():
                yield value
                waiting += ((item, depth + 1) for item in value.values() if not _is_elsewhere(item))
            case Array():
                waiting += ((item, depth + 1) for item in value if not _is_elsewhere(item))
            case _:
                pass


def _is_elsewhere(item: object) -> bool:
    return not isinstance(item, Object) or item.is_indirect


def _must_not_act(dictionary: Dictionary) -> None:
    keys = dictionary.keys()
    if keys & _SCRIPTED or _named(dictionary, "/S") in _ACTIONS or _named(dictionary, "/Subtype") in _ACTIVE_ANNOTATIONS:
        raise Unfit(Flaw.ACTIVE_CONTENT)
    acts_alone = dictionary["/AA"] if "/AA" in keys else None
    if isinstance(acts_alone, Dictionary) and len(acts_alone.keys()):
        raise Unfit(Flaw.ACTIVE_CONTENT)
    action = dictionary["/A"] if "/A" in keys else None
    if isinstance(action, Dictionary) and "/S" in action and _named(action, "/S") not in _HARMLESS_ACTIONS:
        raise Unfit(Flaw.ACTIVE_CONTENT)


def _named(dictionary: Dictionary, key: str) -> str | None:
    if key not in dictionary:  # get() would say the same, and take four times as long
        return None
    value = dictionary[key]
    return str(value) if isinstance(value, Name) else None
