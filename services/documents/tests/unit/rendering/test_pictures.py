"""What every letter looks like: its usual sample in French beside the picture that somebody once looked at and found good.

After a change that is meant, the pictures are made again with
``RENEW_PICTURES=yes bin/test services/documents/tests/unit/rendering/test_pictures.py``, looked at, and committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageOps

from espace_documents.rendering import RenderedDocument

PICTURES = Path(__file__).with_name("reference")
RENEW = "RENEW_PICTURES=yes bin/test services/documents/tests/unit/rendering/test_pictures.py"
PIXELS_PER_POINT = 60 / 72
PIXELS_PER_MM = 60 / 25.4
COLOURS = 32
"""Of a kept picture, so that it is small: none is then more than some 13 of 255 from what it was."""
CLEARLY_DIFFERENT = 32
"""Of 255, in red, green or blue."""
MOST_DIFFERENT_PIXELS = 8
"""One letter for another is some 15 pixels, one digit some 30."""


@pytest.fixture
async def picture(pool, sample, each_type) -> Image.Image:
    """All pages of the type's usual sample in French, one under the other."""
    return photographed(await pool.render(sample(each_type, "fr")))


def photographed(document: RenderedDocument) -> Image.Image:
    pages = [page.render(scale=PIXELS_PER_POINT).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(document.pdf)]
    whole = Image.new("RGB", (pages[0].width, sum(page.height for page in pages)))
    for number, page in enumerate(pages):
        whole.paste(page, (0, number * page.height))
    return whole


def different_pixels(one: Image.Image, other: Image.Image) -> int:
    """How many pixels differ clearly; all of them if the sizes do."""
    if one.size != other.size:
        return max(one.width * one.height, other.width * other.height)
    red, green, blue = ImageChops.difference(one, other).split()
    counts = ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()
    return sum(counts[CLEARLY_DIFFERENT:])


def test_every_letter_looks_as_it_was_found_good(picture, each_type, tmp_path):
    kept = PICTURES / f"{each_type}.png"
    if os.environ.get("RENEW_PICTURES"):
        PICTURES.mkdir(exist_ok=True)
        picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(kept, optimize=True)
    assert kept.exists(), f"There is no picture of {each_type} yet. Make it with {RENEW}, and look at it."
    if (difference := different_pixels(picture, Image.open(kept).convert("RGB"))) > MOST_DIFFERENT_PIXELS:
        picture.save(tmp_path / kept.name)
        pytest.fail(f"{each_type} changed in {difference} pixels: compare {kept} with {tmp_path / kept.name}. If it is meant: {RENEW}.")


CHANGES = {
    "another digit": {"content": {"effective_on": "2026-02-02"}},
    "another letter in a word": {"content": {"holder": "Zoé Müller-Kiefler"}},
    "a field left out": {"content": {"bic": None}},
    "another reference": {"reference": "CNS-2026-0004712"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_small_change_is_seen(pool, sample, change):
    usual, changed = [photographed(await pool.render(sample("bank_account_change", "fr", **changes))) for changes in ({}, change)]
    assert different_pixels(usual, usual) == 0
    assert different_pixels(usual, changed) > MOST_DIFFERENT_PIXELS


@pytest.mark.parametrize(("part", "top_mm", "bottom_mm"), [("the code", 14, 36), ("its label", 37, 45)])
async def test_the_verification_code_ends_where_the_text_does(pool, sample, each_locale, part, top_mm, bottom_mm):
    picture = photographed(await pool.render(sample(locale=each_locale, verification="A" * 160)))
    strip = picture.crop((picture.width // 2, round(top_mm * PIXELS_PER_MM), picture.width, round(bottom_mm * PIXELS_PER_MM)))
    _, _, end, _ = ImageOps.invert(strip).getbbox()
    assert strip.width - end == pytest.approx(25 * PIXELS_PER_MM, abs=1), part


def test_every_picture_is_of_a_type_that_there_still_is():
    templates = PICTURES.parents[3] / "src" / "espace_documents" / "assets" / "templates"
    assert {picture.stem for picture in PICTURES.glob("*.png")} <= {folder.name for folder in templates.iterdir()}
