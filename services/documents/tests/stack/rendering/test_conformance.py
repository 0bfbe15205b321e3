"""Every letter as it is issued, sealed. What veraPDF, an independent validator, says of it: archivable (PDF/A-3a) and accessible (PDF/UA-1)
in one file; and that no heading is left alone at the end of a page.
"""

from __future__ import annotations

import asyncio
import ctypes
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdfium2 import PdfDocument, PdfPage
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT, FPDFPageObj_GetFillColor

from espace_documents.rendering import RenderingPool
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.worker import sample_request
from espace_embedded.verapdf import Flavour, Verdict, validate

LOCALES = ("fr", "de", "en", "lb")
SIZES = ("smallest", "sample", "largest")
FLAVOURS: tuple[Flavour, Flavour] = ("3a", "ua1")
PATIENCE_S = 120
"""For the longest statements on a busy machine."""


@pytest.fixture(scope="module")
async def letters(tmp_path_factory: pytest.TempPathFactory, with_code, sealing) -> list[Path]:
    """Every type in every language and size: the largest letters and tables have several pages."""
    folder = tmp_path_factory.mktemp("letters")
    samples = [kind / f"{size}.json" for kind in sorted((ASSETS / "templates").glob("*/")) for size in SIZES]
    editions = [(sample, locale) for sample in samples for locale in LOCALES]
    pool = RenderingPool(workers=2, patience_s=PATIENCE_S)

    async def issued(sample: Path, locale: str) -> Path:
        document = await sealing.seal(await pool.render(with_code(sample_request(sample, locale))))
        file = folder / f"{sample.parent.name}-{sample.stem}-{locale}.pdf"
        file.write_bytes(document.pdf)
        return file

    await pool.start()
    files = await asyncio.gather(*(issued(sample, locale) for sample, locale in editions))
    await pool.close()
    assert len(files) == 19 * 3 * 4
    return files


@pytest.fixture(scope="module")
async def verdicts(letters: list[Path]) -> dict[Flavour, list[Verdict]]:
    """One run of the validator a flavour, both at once."""
    said = await asyncio.gather(*(asyncio.to_thread(validate, letters, flavour) for flavour in FLAVOURS))
    return dict(zip(FLAVOURS, said, strict=True))


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_every_letter_conforms(verdicts: dict[Flavour, list[Verdict]], letters: list[Path], flavour: Flavour):
    assert [verdict.file for verdict in verdicts[flavour]] == letters
    assert {verdict.file.name: verdict.failed for verdict in verdicts[flavour] if not verdict.compliant} == {}


def test_the_validator_would_notice(letters: list[Path], tmp_path: Path):
    spoilt = tmp_path / "spoilt.pdf"
    writer = PdfWriter(clone_from=letters[0])
    del writer.root_object["/MarkInfo"]
    writer.write(spoilt)
    (verdict,) = validate([spoilt], "ua1")
    assert not verdict.compliant


FOOTER_POINTS = 27 / 25.4 * 72
HEADING_COLOUR = (0x14, 0x39, 0x5B)
"""Of the subject, of what heads a passage, a table or a group of its rows, and of no other text that may end a page."""


def ends_with_a_heading(page: PdfPage) -> bool:
    """Whether there is a heading in the lowest line above the footer."""
    baselines = [(text.get_matrix().f, text) for text in page.get_objects(filter=[FPDF_PAGEOBJ_TEXT])]
    above = [(baseline, text) for baseline, text in baselines if baseline > FOOTER_POINTS]
    lowest = min(baseline for baseline, _ in above)
    return HEADING_COLOUR in {colour_of(text) for baseline, text in above if baseline - lowest < 1}


def colour_of(text: object) -> tuple[int, ...]:
    parts = [ctypes.c_uint() for _ in ("red", "green", "blue", "alpha")]
    FPDFPageObj_GetFillColor(text, *parts)
    return tuple(part.value for part in parts[:3])


def test_no_letter_has_a_heading_alone_at_the_end_of_a_page(letters: list[Path]):
    assert [letter.name for letter in letters if any(ends_with_a_heading(page) for page in PdfDocument(letter))] == []


async def test_the_heading_of_a_table_goes_overleaf_with_it_wherever_the_page_ends(typesetting: RenderingPool):
    usual = sample_request(ASSETS / "templates" / "submission_receipt" / "sample.json", "lb")
    begins_on_the_first_page = set()
    for answers in range(11, 17):
        content = {**usual.content, "answers": [{"question": "Wéi vill Persounen", "answer": "Eng"}] * answers}
        first, _ = PdfDocument((await typesetting.render(replace(usual, content=content))).pdf)
        assert not ends_with_a_heading(first), f"after {answers} answers"
        begins_on_the_first_page.add("Är Fichieren" in first.get_textpage().get_text_range())
    assert begins_on_the_first_page == {True, False}
