"""What veraPDF, an independent validator, says of every letter: archivable (PDF/A-3a) and accessible (PDF/UA-1) in one file, sealed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pypdf import PdfWriter

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
