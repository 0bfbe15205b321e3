"""Files that lie within a PDF: where PDF has room for them (ISO 32000-2, 7.11.4 and 14.13), and how they are left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from espace_procedures.domain.attachments import Flaw, Unfit

_PLATFORMS = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})
"""The keys under which a file specification holds files: once for every platform that ever named files in its own way."""
_ASSOCIATED = ("/AF", "/MCAF")
"""Files that belong to the document, a page, an annotation, a structure element, any other part, or a piece of a page's content."""
_TELLING = frozenset({"/EmbeddedFiles", "/Type", "/Subtype", "/EF", *_ASSOCIATED})
"""All that is asked about here. Most of a large PDF has nothing of it, and to ask pikepdf for what is not there takes the longest."""


def carries_files(dictionary: Dictionary) -> bool:
    """Whether this is a place where a file lies, or what leads to one."""
    keys = _TELLING & dictionary.keys()
    return (
        "/EmbeddedFiles" in keys
        or ("/Type" in keys and dictionary["/Type"] == Name.EmbeddedFile)
        or ("/Subtype" in keys and dictionary["/Subtype"] == Name.FileAttachment)
        or ("/EF" in keys and _holds_files(dictionary))
        or any(_names_files(dictionary[key]) for key in keys.intersection(_ASSOCIATED))
    )


def leave_out_files(pdf: Pdf, dictionaries: Iterable[Dictionary]) -> None:
    """Empty each file and remove what leads to it; what the pages show stays. `dictionaries` are all that the PDF consists of.

    A signature cannot stay valid in a file that is changed, so it is taken out: left in, it would call the file a forgery.
    Raises Unfit for a portfolio, whose files are the content and whose pages are a wrapping.
    """
    if "/Collection" in pdf.Root:
        raise Unfit(Flaw.EMBEDDED_FILES)
    every = list(dictionaries)
    leading = [dictionary for dictionary in every if carries_files(dictionary)]
    for file in _files(pdf, leading):
        file.write(b"")
        _remove(file, file.keys())
    for dictionary in leading:
        _remove(dictionary, [key for key in _ASSOCIATED if _names_files(dictionary.get(key))])
    for dictionary in leading:
        _remove(dictionary, ["/EmbeddedFiles", *(["/EF", "/RF"] if _holds_files(dictionary) else [])])
        if dictionary.get("/Subtype") == Name.FileAttachment:
            dictionary.Subtype = Name.Text  # a note, with the look it had: what refers to the annotation stays whole
            _remove(dictionary, ["/FS"])
    if pdf.Root.get("/PageMode") == Name.UseAttachments:
        _remove(pdf.Root, ["/PageMode"])
    _take_out_signatures(pdf, every)


def _take_out_signatures(pdf: Pdf, every: Iterable[Dictionary]) -> None:
    for dictionary in every:
        if "/V" in dictionary and _is_signature(dictionary["/V"]):
            _remove(dictionary, ["/V"])
    _remove(pdf.Root, ["/Perms", "/DSS"])
    if isinstance(form := pdf.Root.get("/AcroForm"), Dictionary):
        _remove(form, ["/SigFlags"])


def _is_signature(value: Object) -> bool:
    """By what it covers: the field need not say its type itself, and its value neither."""
    return isinstance(value, Dictionary) and "/ByteRange" in value


def _files(pdf: Pdf, every: Iterable[Dictionary]) -> Iterator[Stream]:
    yield from (part for part in pdf.objects if isinstance(part, Stream) and part.get("/Type") == Name.EmbeddedFile)
    for dictionary in every:
        if _holds_files(dictionary):
            related = dictionary.get("/RF")
            lists = [values for values in related.values() if isinstance(values, Array)] if isinstance(related, Dictionary) else []
            held = [dictionary["/EF"].values(), *lists]
            yield from (file for values in held for file in values if isinstance(file, Stream))


def _holds_files(dictionary: Dictionary) -> bool:
    """A font may be called EF as well; it has no such keys."""
    held = dictionary.get("/EF")
    return isinstance(held, Dictionary) and not _PLATFORMS.isdisjoint(held.keys())


def _names_files(value: Object | None) -> bool:
    """Whether these are file specifications: a font may be called AF as well."""
    named = value if isinstance(value, Array) else [value]
    return any(
        isinstance(each, Dictionary)
        and (each.get("/Type") == Name.Filespec or not {"/EF", "/UF", "/AFRelationship"}.isdisjoint(each.keys()))
        for each in named
    )


def _remove(part: Object, keys: Iterable[str]) -> None:
    for key in list(keys):
        if key in part:
            del part[key]
