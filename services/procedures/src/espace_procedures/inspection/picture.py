"""Pictures are decoded and encoded anew: what is not part of the picture stays behind, and nothing of the file's own bytes is kept."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from espace_procedures.domain.attachments import MAX_BYTES, MAX_PIXELS, Flaw, Unfit

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
_JPEG_QUALITIES = (90, 75, 60)
"""The best is taken with which the picture is no larger than a file may be."""


def picture_anew(content: bytes, media_type: str) -> bytes:
    """The same picture in the same format, upright, without metadata. Of a JPEG with several, such as a telephone makes, the main one.

    Raises Unfit.
    """
    form = _FORMATS[media_type]
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # a switch of the whole process, which some libraries turn on: half a picture is a flaw
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limit below is lower
            with Image.open(BytesIO(content), formats=(form,)) as picture:
                _must_be_one_of_usual_size(picture, form)
                upright = ImageOps.exif_transpose(picture)
                return _encoded(_bare(upright, form), form)
    except Image.DecompressionBombError:
        raise Unfit(Flaw.TOO_MANY_PIXELS) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, IndexError, TypeError, EOFError):
        raise Unfit(Flaw.DAMAGED) from None


def _must_be_one_of_usual_size(picture: Image.Image, form: str) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise Unfit(Flaw.TOO_MANY_PIXELS)
    if form == "PNG" and getattr(picture, "n_frames", 1) > 1:
        raise Unfit(Flaw.SEVERAL_PICTURES)


def _bare(picture: Image.Image, form: str) -> Image.Image:
    """Only the pixels: a new picture has neither metadata nor a colour profile to carry along."""
    mode = _mode(picture, form)
    converted = _converted(picture, mode)
    bare = Image.new(mode, converted.size)
    bare.paste(converted)
    return bare


def _converted(picture: Image.Image, mode: str) -> Image.Image:
    if picture.mode == mode:
        return picture
    if picture.mode.startswith("I"):  # 16 bits of grey, of which a plain conversion would make white
        return picture.convert("I").point(lambda grey: grey * (1 / 257)).convert(mode)
    return picture.convert(mode)


def _mode(picture: Image.Image, form: str) -> str:
    if picture.mode in ("1", "L") or picture.mode.startswith("I"):
        return "L"
    has_alpha = picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info
    return "RGBA" if form == "PNG" and has_alpha else "RGB"


def _encoded(picture: Image.Image, form: str) -> bytes:
    encoded = b""
    for quality in _JPEG_QUALITIES if form == "JPEG" else (None,):
        file = BytesIO()
        picture.save(file, form, **({"quality": quality} if quality else {}))
        encoded = file.getvalue()
        if len(encoded) <= MAX_BYTES:
            break
    return encoded
