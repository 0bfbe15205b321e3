"""Files as persons attach them, and as attackers do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from pikepdf import Array, Dictionary, Encryption, Name, Object, ObjectStreamMode, Pdf, Stream, String
from PIL import Image

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text that every virus scanner calls a virus, so that scanners can be tested."""


def pdf(change: Callable[[Pdf], None] = lambda _pdf: None, pages: int = 1, **how: object) -> bytes:
    """A PDF with blank pages, changed before it is saved."""
    file = io.BytesIO()
    with Pdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        change(made)
        made.save(file, **how)
    return file.getvalue()


def packed(change: Callable[[Pdf], None]) -> bytes:
    """The same, with all objects in compressed streams, where no search of the bytes finds them."""
    return pdf(change, object_stream_mode=ObjectStreamMode.generate)


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def opens_with(action: Callable[[], Dictionary]) -> Callable[[Pdf], None]:
    def change(made: Pdf) -> None:
        made.Root.OpenAction = made.make_indirect(action())

    return change


def annotated(make: Callable[[], Dictionary]) -> Callable[[Pdf], None]:
    """With an annotation on its page, directly in the page's array."""

    def change(made: Pdf) -> None:
        annotation = make()
        annotation.Type, annotation.Rect = Name.Annot, Array([0, 0, 9, 9])
        made.pages[0].Annots = Array([annotation])

    return change


def named_script(made: Pdf) -> None:
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=[String("a"), script()]))


def embedded(made: Pdf) -> None:
    made.attachments["payload.exe"] = PAYLOAD


PAYLOAD = b"MZ and all else that a program for a clerk's computer begins with"


def file_in(made: Pdf, content: bytes = PAYLOAD, **also: object) -> Object:
    """A file specification that holds a file. It says no more than a reader needs."""
    file = made.make_indirect(Stream(made, content))
    return made.make_indirect(Dictionary(F=String("payload.exe"), EF=Dictionary(F=file, UF=file), **also))


def named_file(made: Pdf) -> None:
    """Deep in the tree of names, and beside a view that opens the list of files."""
    leaf = made.make_indirect(Dictionary(Names=Array([String("payload.exe"), file_in(made)]), Limits=Array([String("p"), String("q")])))
    made.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Kids=Array([leaf])))
    made.Root.PageMode = Name.UseAttachments


def file_with_related_ones(made: Pdf) -> None:
    related = made.make_indirect(Stream(made, PAYLOAD))
    made.Root.AF = Array([file_in(made, b"a page", RF=Dictionary(F=Array([String("payload.exe"), related])))])


def file_of_the_document(made: Pdf) -> None:
    made.Root.AF = Array([file_in(made, AFRelationship=Name.Data)])


def file_of_a_page(made: Pdf) -> None:
    made.pages[0].AF = made.make_indirect(Array([file_in(made)]))


def file_of_an_annotation(made: Pdf) -> None:
    annotated(lambda: Dictionary(Subtype=Name.Link, AF=file_in(made)))(made)


def file_of_a_structure_element(made: Pdf) -> None:
    element = made.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Figure, AF=Array([file_in(made)])))
    made.Root.StructTreeRoot = made.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=Array([element])))


def file_of_a_picture(made: Pdf) -> None:
    figure = Stream(made, b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), AF=Array([file_in(made)]))
    made.pages[0].Resources = Dictionary(XObject=Dictionary(Figure=made.make_indirect(figure)))


def file_of_a_piece_of_content(made: Pdf) -> None:
    made.pages[0].Resources = Dictionary(Properties=Dictionary(Piece=Dictionary(MCAF=Array([file_in(made)]))))


def attached_file(made: Pdf) -> None:
    """A paper clip on the page, which the structure of the document knows."""
    clip = made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=file_in(made)))
    made.pages[0].Annots = Array([clip])
    made.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Array([Dictionary(Type=Name.OBJR, Obj=clip)]))


def attached_file_within_the_page(made: Pdf) -> None:
    annotated(lambda: Dictionary(Subtype=Name.FileAttachment, FS=Dictionary(EF=Dictionary(F=made.make_indirect(Stream(made, PAYLOAD))))))(
        made
    )


def file_of_an_outside_page(made: Pdf) -> None:
    """A picture that stands for a page of another PDF, which lies in this one."""
    figure = Stream(made, b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]), Ref=Dictionary(F=file_in(made), Page=0))
    made.pages[0].Resources = Dictionary(XObject=Dictionary(Figure=made.make_indirect(figure)))


def file_that_nothing_names(made: Pdf) -> None:
    made.Root.Spare = made.make_indirect(Stream(made, PAYLOAD, Type=Name.EmbeddedFile))


def file_that_hangs_on_a_second_thread(made: Pdf) -> None:
    """Somewhere that is no place for files, the same bytes are held once more."""
    specification = file_in(made)
    made.Root.AF = Array([specification])
    made.Root.PieceInfo = Dictionary(Hidden=Dictionary(Private=specification.EF.F))


def file_in_the_trailer(made: Pdf) -> None:
    made.trailer.Spare = Dictionary(EF=Dictionary(UF=made.make_indirect(Stream(made, PAYLOAD))))


def portfolio(made: Pdf) -> None:
    named_file(made)
    made.Root.Collection = Dictionary(Type=Name.Collection, View=Name.T)


def rich_media(made: Pdf) -> None:
    assets = Dictionary(Names=Array([String("payload.swf"), file_in(made)]))
    annotated(lambda: Dictionary(Subtype=Name.RichMedia, RichMediaContent=Dictionary(Assets=assets)))(made)


def xfa(made: Pdf) -> None:
    made.Root.AcroForm = Dictionary(Fields=[], XFA=Stream(made, b"<xdp/>"))


def page_acts(made: Pdf) -> None:
    made.pages[0].AA = Dictionary(O=script())


def unreferenced_script(made: Pdf) -> None:
    made.Root.Spare = Array([Array([Dictionary(Deep=Dictionary(Deeper=Array([script()])))])])


def nested(made: Pdf) -> None:
    inner = Dictionary(End=1)
    for _ in range(80):
        inner = Dictionary(In=inner)
    made.Root.Nested = inner


def encrypted(user: str, owner: str) -> bytes:
    return pdf(encryption=Encryption(user=user, owner=owner))


def with_zip_behind(content: bytes) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("payload.exe", b"MZ")
    return file.getvalue()


def with_zip_inside(content: bytes) -> bytes:
    """The archive's end lies before the PDF's: an archiver reads it still, for its comment is the rest of the file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("payload.exe", b"MZ")
        archive.comment = content
    return b"%PDF-1.7\n" + file.getvalue()


def picture(form: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **how: object) -> bytes:
    """A picture whose left half is red."""
    made = Image.new(mode, size)
    if mode in ("RGB", "RGBA"):
        made.paste((255, 0, 0, 255)[: len(mode)], (0, 0, size[0] // 2, size[1]))
    file = io.BytesIO()
    made.save(file, form, **how)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    read = Image.open(io.BytesIO(content))
    read.load()
    return read
