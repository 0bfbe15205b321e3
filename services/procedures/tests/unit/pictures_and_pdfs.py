"""Files as persons attach them, and as attackers do."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Pdf, Stream, String
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
    made.attachments["more.txt"] = b"something else"


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
