"""Nothing is stored before it was looked into, and what is refused comes with the way to mend it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, PngImagePlugin

from espace_contracts.vocabulary import Locale
from espace_procedures.api.refusals import problem_of
from espace_procedures.app.ports import ScannerIsAway
from espace_procedures.app.read_attachment import ReadAttachment
from espace_procedures.app.remove_attachment import NoSuchAttachment
from espace_procedures.app.take_file import TakeFile
from espace_procedures.domain.attachments import MAX_PAGES, Flaw, Unfit
from espace_procedures.domain.language import LANGUAGES
from espace_procedures.domain.unfit_files import UNFIT_FILES, Infected, ScannerAway, TooComplex, unfit_file
from espace_procedures.inspection.inspector import Inspector
from espace_procedures.inspection.pdf import pdf_anew
from espace_procedures.inspection.picture import picture_anew
from espace_procedures.inspection.scanner import Scanner

from .conftest import Shelf
from .pictures_and_pdfs import (
    EICAR,
    PAYLOAD,
    annotated,
    attached_file,
    attached_file_within_the_page,
    embedded,
    encrypted,
    file_in_the_trailer,
    file_of_a_page,
    file_of_a_picture,
    file_of_a_piece_of_content,
    file_of_a_structure_element,
    file_of_an_annotation,
    file_of_an_outside_page,
    file_of_the_document,
    file_that_hangs_on_a_second_thread,
    file_that_nothing_names,
    file_with_related_ones,
    named_file,
    named_script,
    nested,
    opened,
    opens_with,
    packed,
    page_acts,
    pdf,
    picture,
    portfolio,
    rich_media,
    script,
    unreferenced_script,
    with_zip_behind,
    with_zip_inside,
    xfa,
)

ACTIVE = {
    "a script when opened": opens_with(script),
    "a program when opened": opens_with(lambda: Dictionary(S=Name.Launch, F=String("calc.exe"))),
    "a form sent when opened": opens_with(lambda: Dictionary(S=Name.SubmitForm, F=String("http://example.org"))),
    "a page of the web when opened": opens_with(lambda: Dictionary(S=Name.URI, URI=String("http://example.org"))),
    "a script by name": named_script,
    "a script of the page": page_acts,
    "a script that nothing refers to": unreferenced_script,
    "a dynamic form": xfa,
    "a script on a click": annotated(lambda: Dictionary(Subtype=Name.Link, A=script())),
    "a program on a click": annotated(lambda: Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String("calc.exe")))),
    "an unknown action": annotated(lambda: Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.Surprise))),
    "a script after a harmless action": annotated(
        lambda: Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("http://example.org"), Next=script()))
    ),
    "rich media": annotated(lambda: Dictionary(Subtype=Name.RichMedia)),
    "a film": annotated(lambda: Dictionary(Subtype=Name.Screen)),
}


@pytest.mark.parametrize("change", ACTIVE.values(), ids=ACTIVE)
@pytest.mark.parametrize("make", [pdf, packed])
def test_a_pdf_that_would_act_is_refused(make, change):
    with pytest.raises(Unfit) as unfit:
        pdf_anew(make(change))
    assert unfit.value.flaw is Flaw.ACTIVE_CONTENT


HARMLESS = {
    "nothing": lambda _made: None,
    "a link to the web": annotated(lambda: Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("http://example.org")))),
    "a link to a page": annotated(lambda: Dictionary(Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=String("x")))),
    "opening at a page": opens_with(lambda: Dictionary(S=Name.GoTo, D=String("x"))),
    "an empty AA": lambda made: setattr(made.Root, "AA", Dictionary()),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_a_pdf_of_everyday_life_is_taken_as_it_came(change):
    assert pdf_anew(pdf(change)) == pdf_anew(packed(change)) == b""


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (encrypted("secret", "secret"), Flaw.ENCRYPTED),
        (encrypted("", "secret"), Flaw.ENCRYPTED),
        (pdf(portfolio), Flaw.EMBEDDED_FILES),
        (packed(portfolio), Flaw.EMBEDDED_FILES),
        (with_zip_behind(pdf()), Flaw.DISGUISED),
        (with_zip_inside(pdf()), Flaw.DISGUISED),
        (pdf() + b"<script>alert(1)</script>", Flaw.DISGUISED),
        (pdf(pages=MAX_PAGES + 1), Flaw.TOO_MANY_PAGES),
        (pdf(pages=0), Flaw.DAMAGED),
        (pdf(nested), Flaw.TOO_COMPLEX),
        (b"%PDF-1.7 a bank statement", Flaw.DAMAGED),
        (b"%PDF-1.7 a bank statement %%EOF", Flaw.DAMAGED),
        (pdf()[:-400], Flaw.DAMAGED),
    ],
)
def test_a_pdf_with_a_flaw_is_refused_by_its_name(content, flaw):
    with pytest.raises(Unfit) as unfit:
        pdf_anew(content)
    assert unfit.value.flaw is flaw


EMBEDDED = {
    "by name": embedded,
    "deep in the tree of names": named_file,
    "of the document": file_of_the_document,
    "related to one of the document": file_with_related_ones,
    "of a page": file_of_a_page,
    "of an annotation": file_of_an_annotation,
    "of a structure element": file_of_a_structure_element,
    "of a picture": file_of_a_picture,
    "of a piece of content": file_of_a_piece_of_content,
    "attached to a page": attached_file,
    "attached within a page": attached_file_within_the_page,
    "a PDF of which a page is shown": file_of_an_outside_page,
    "named by nothing": file_that_nothing_names,
    "held a second time": file_that_hangs_on_a_second_thread,
    "in the trailer": file_in_the_trailer,
}


def all_that_arrives(content: bytes) -> bytes:
    """The file as a reader takes it apart: each object as text, each stream unpacked."""
    with Pdf.open(io.BytesIO(content)) as read:
        streams = [part.read_bytes() for part in read.objects if isinstance(part, Stream)]
        return b"\n".join([content, read.trailer.unparse(), *(part.unparse(resolved=True) for part in read.objects), *streams])


WAYS = (
    b"/EmbeddedFile",
    b"/EmbeddedFiles",
    b"/EF",
    b"/RF",
    b"/AF",
    b"/MCAF",
    b"/FS",
    b"/FileAttachment",
    b"/UseAttachments",
    b"/RichMedia",
)
"""Every name by which PDF leads to a file within it."""


@pytest.mark.parametrize("change", EMBEDDED.values(), ids=EMBEDDED)
@pytest.mark.parametrize("make", [pdf, packed])
def test_of_a_pdf_with_a_hostile_file_in_it_the_file_does_not_arrive(make, change):
    content = make(change)
    assert PAYLOAD in all_that_arrives(content)
    arrives = all_that_arrives(pdf_anew(content))
    assert PAYLOAD not in arrives
    assert [way for way in WAYS if re.search(way + rb"\b", arrives)] == []


@pytest.mark.parametrize(
    "change", [rich_media, lambda made: (embedded(made), named_script(made))], ids=["rich media", "a file and a script"]
)
@pytest.mark.parametrize("make", [pdf, packed])
def test_a_file_in_a_pdf_is_no_way_past_the_refusal_of_what_acts(make, change):
    with pytest.raises(Unfit) as unfit:
        pdf_anew(make(change))
    assert unfit.value.flaw is Flaw.ACTIVE_CONTENT


def test_what_could_not_be_left_out_is_not_taken(monkeypatch):
    """What was written is looked at once more, so that a place nobody thought of costs a refusal and lets nothing in."""
    monkeypatch.setattr("espace_procedures.inspection.pdf.leave_out_files", lambda _pdf, _dictionaries: None)
    with pytest.raises(Unfit) as unfit:
        pdf_anew(pdf(embedded))
    assert unfit.value.flaw is Flaw.EMBEDDED_FILES


def test_a_font_may_be_called_like_a_place_for_files():
    """It is a resource of the page: the page would lose its text with it, and a statement its signature for nothing."""

    def fonts(made: Pdf) -> None:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        made.pages[0].Resources = Dictionary(Font=Dictionary(AF=font, EF=made.make_indirect(font), RF=font))

    assert pdf_anew(pdf(fonts)) == b""

    def fonts_and_file(made: Pdf) -> None:
        fonts(made)
        embedded(made)

    with Pdf.open(io.BytesIO(pdf_anew(pdf(fonts_and_file)))) as anew:
        assert set(anew.pages[0].Resources.Font.keys()) == {"/AF", "/EF", "/RF"}


def test_a_signature_that_the_change_breaks_is_taken_out():
    def signed(made: Pdf) -> None:
        value = made.make_indirect(Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), Contents=String("signed")))
        field = made.make_indirect(Dictionary(FT=Name.Sig, T=String("Seal"), V=value))
        made.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
        made.Root.Perms = Dictionary(DocMDP=value)

    assert pdf_anew(pdf(signed)) == b"", "without other files a PDF stays as it is, and its signature valid"

    def signed_with_file(made: Pdf) -> None:
        signed(made)
        embedded(made)

    arrives = all_that_arrives(pdf_anew(pdf(signed_with_file)))
    assert b"/T (Seal)" in arrives
    assert [left for left in (b"/ByteRange", b"/Perms", b"/SigFlags") if left in arrives] == []


def test_a_signature_whose_field_has_its_type_from_the_one_above_is_taken_out_too():
    def signed_below(made: Pdf) -> None:
        embedded(made)
        value = made.make_indirect(Dictionary(ByteRange=Array([0, 1, 2, 3]), Contents=String("signed")))
        below = made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([0, 0, 9, 9]), V=value))
        made.pages[0].Annots = Array([below])
        made.Root.AcroForm = Dictionary(Fields=Array([made.make_indirect(Dictionary(FT=Name.Sig, T=String("Seal"), Kids=Array([below])))]))

    assert b"/ByteRange" not in all_that_arrives(pdf_anew(pdf(signed_below)))


def test_a_pdf_with_far_too_many_objects_is_not_walked():
    def crowd(made: Pdf) -> None:
        made.Root.Crowd = [made.make_indirect(Dictionary(N=number)) for number in range(50_001)]

    with pytest.raises(Unfit) as unfit:
        pdf_anew(pdf(crowd))
    assert unfit.value.flaw is Flaw.TOO_COMPLEX


def with_everything_personal(form: str) -> bytes:
    """A picture that says where and by whom it was taken, lies on its side, and carries a comment."""
    exif = Image.Exif()
    exif[0x010F], exif[0x9003], exif[0x0112] = "Sophie's telephone", "2026:03:02 12:00:00", 6
    exif.get_ifd(0x8825)[2] = (49.0, 36.0, 40.0)
    if form == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", "Sophie Hoffmann")
        return picture(form, exif=exif, pnginfo=info)
    return picture(form, exif=exif, comment=b"Sophie Hoffmann", icc_profile=b"a profile by Sophie")


@pytest.mark.parametrize(("form", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_picture_is_encoded_anew_upright_and_without_metadata(form, media_type):
    content = with_everything_personal(form)
    assert b"Sophie" in content
    anew = picture_anew(content, media_type)
    assert b"Sophie" not in anew
    read = opened(anew)
    assert (read.format, read.size) == (form, (20, 40)), "it was turned as its metadata said"
    assert not dict(read.getexif())
    assert not {"exif", "comment", "icc_profile", "Author"} & set(read.info)
    red, _, blue = read.getpixel((10, 5))
    assert red > 200
    assert blue < 50


@pytest.mark.parametrize(
    ("mode", "form", "expected"),
    [
        ("1", "PNG", "L"),
        ("P", "PNG", "RGB"),
        ("RGBA", "PNG", "RGBA"),
        ("LA", "PNG", "RGBA"),
        ("I;16", "PNG", "L"),
        ("CMYK", "JPEG", "RGB"),
        ("L", "JPEG", "L"),
    ],
)
def test_every_kind_of_picture_is_taken(mode, form, expected):
    media_type = f"image/{form.lower()}"
    assert opened(picture_anew(picture(form, mode=mode), media_type)).mode == expected


def test_a_scan_in_sixteen_bits_of_grey_does_not_turn_white():
    scan = Image.new("I;16", (2, 1))
    scan.putpixel((0, 0), 0xFFFF)
    scan.putpixel((1, 0), 0x8000)
    file = io.BytesIO()
    scan.save(file, "PNG")
    anew = opened(picture_anew(file.getvalue(), "image/png"))
    assert [anew.getpixel((column, 0)) for column in (0, 1)] == [255, 127]


def test_of_a_telephones_several_pictures_the_main_one_is_kept():
    file = io.BytesIO()
    Image.new("RGB", (40, 20)).save(file, "MPO", save_all=True, append_images=[Image.new("RGB", (4, 2))])
    assert opened(picture_anew(file.getvalue(), "image/jpeg")).size == (40, 20)


def moving_picture() -> bytes:
    return picture("PNG", save_all=True, append_images=[Image.new("RGB", (40, 20), "blue")])


def bomb(side: int) -> bytes:
    """A PNG of some hundred bytes that says it is a square of this side."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "media_type", "flaw"),
    [
        (moving_picture(), "image/png", Flaw.SEVERAL_PICTURES),
        (bomb(7_000), "image/png", Flaw.TOO_MANY_PIXELS),
        (bomb(10_000), "image/png", Flaw.TOO_MANY_PIXELS),
        (bomb(100_000), "image/png", Flaw.TOO_MANY_PIXELS),
        (bomb(1_000), "image/png", Flaw.DAMAGED),
        (b"\xff\xd8\xff\xe0 a photograph", "image/jpeg", Flaw.DAMAGED),
        (b"\x89PNG\r\n\x1a\n a picture", "image/png", Flaw.DAMAGED),
        (picture("JPEG", (400, 400))[:-300], "image/jpeg", Flaw.DAMAGED),
    ],
)
def test_a_picture_with_a_flaw_is_refused_by_its_name(content, media_type, flaw):
    with pytest.raises(Unfit) as unfit:
        picture_anew(content, media_type)
    assert unfit.value.flaw is flaw


def test_what_hides_behind_a_picture_stays_behind():
    anew = picture_anew(with_zip_behind(picture("JPEG")), "image/jpeg")
    assert b"PK" not in anew


async def test_each_file_is_looked_into_by_a_process_of_its_own():
    inspect = Inspector(None)
    statement, photograph = pdf(), picture("JPEG", comment=b"Sophie")
    taken, anew = await asyncio.gather(inspect(statement, "application/pdf"), inspect(photograph, "image/jpeg"))
    assert taken == statement, "a PDF without other files stays as it is, so that a bank's signature does"
    assert opened(anew).size == (40, 20)
    assert PAYLOAD not in all_that_arrives(await inspect(pdf(named_file), "application/pdf"))
    with pytest.raises(Unfit) as unfit:
        await inspect(pdf(named_script), "application/pdf")
    assert unfit.value.flaw is Flaw.ACTIVE_CONTENT


async def test_a_file_that_takes_too_long_is_refused_and_its_process_ended():
    with pytest.raises(Unfit) as unfit:
        await Inspector(None, patience_seconds=0)(pdf(), "application/pdf")
    assert unfit.value.flaw is Flaw.TOO_COMPLEX


async def test_a_process_that_fails_by_itself_is_a_defect_and_not_the_persons_fault():
    with pytest.raises(RuntimeError, match="fails by itself"):
        await Inspector(None)(picture("JPEG"), "image/webp")


@asynccontextmanager
async def clamd(reply: bytes | None = None, *, silent: bool = False) -> AsyncIterator[Scanner]:
    """A scanner that knows EICAR alone and speaks INSTREAM: pieces, each after its length, ended by an empty one."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer):
            assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(await reader.readexactly(4), "big"):
                content += await reader.readexactly(size)
            if not silent:
                verdict = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
                writer.write(reply or verdict)
                await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield Scanner(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")


async def test_what_the_scanner_knows_is_refused_and_all_else_is_taken():
    async with clamd() as scanner:
        await scanner.scan(b"x" * 600_000)
        with pytest.raises(Unfit) as unfit:
            await scanner.scan(b"x" * 300_000 + EICAR)
        assert unfit.value.flaw is Flaw.INFECTED
        with pytest.raises(Unfit):
            await Inspector(scanner)(pdf() + EICAR, "application/pdf")


@pytest.mark.parametrize("reply", [b"INSTREAM size limit exceeded. ERROR\0", b"stream: Access denied. ERROR\0"])
async def test_a_scanner_that_could_not_scan_is_no_leave_to_store(reply):
    async with clamd(reply) as scanner:
        with pytest.raises(ScannerIsAway):
            await scanner.scan(b"a file")


async def test_a_scanner_that_hangs_up_or_is_not_there_is_away():
    async with clamd(silent=True) as scanner:
        with pytest.raises(ScannerIsAway):
            await scanner.scan(b"a file")
    with pytest.raises(ScannerIsAway):
        await scanner.scan(b"a file")


@pytest.mark.parametrize(
    ("fault", "refusal"), [(Unfit(Flaw.INFECTED), Infected), (ScannerIsAway(), ScannerAway), (Unfit(Flaw.TOO_COMPLEX), TooComplex)]
)
async def test_a_file_that_is_refused_is_not_stored(fault, refusal):
    shelf = Shelf()

    async def inspect(_content: bytes, _media_type: str) -> bytes:
        raise fault

    with pytest.raises(refusal):
        await TakeFile(shelf, inspect)(uuid4(), "bank_statement", pdf(), "application/pdf", Locale.FRENCH)
    assert shelf.kept == {}


@pytest.mark.parametrize("flaw", Flaw)
def test_every_refusal_says_how_to_mend_it_in_each_language(flaw):
    assert set(UNFIT_FILES) == set(Flaw)
    said = {LANGUAGES[locale].say(unfit_file(flaw, locale).says) for locale in Locale}
    assert len(said) == len(Locale)
    problem = problem_of(unfit_file(flaw, Locale.LUXEMBOURGISH))
    assert (problem.status, problem.name) == (422, f"attachment-{flaw}")
    assert problem_of(ScannerAway(Locale.GERMAN)).status == 503


async def test_a_person_gets_back_what_was_stored(world):
    procedure = await world.has_a_complete_draft()
    procedure = await world.attach(world.seen(procedure), uuid4(), "bank_statement", pdf())
    read = ReadAttachment(world.procedures, world.files)
    [attachment] = procedure.attachments
    assert await read(procedure.id, world.insured, attachment.id) == (attachment, pdf())
    with pytest.raises(NoSuchAttachment):
        await read(procedure.id, world.insured, uuid4())
    world.later(timedelta(days=1))
    await world.submits(procedure)
    assert (await read(procedure.id, world.insured, attachment.id))[0].id == attachment.id
