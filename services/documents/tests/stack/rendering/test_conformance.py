"""What veraPDF, an independent validator, says of every letter: archivable (PDF/A-3a) and accessible (PDF/UA-1) in one file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfWriter

from espace_documents.rendering import RenderingPool
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.worker import sample_request
from espace_embedded.verapdf import Flavour, validate

LOCALES = ("fr", "de", "en", "lb")


@pytest.fixture(scope="module")
async def letters(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every type in every language, and of several pages a letter and a table."""
    folder = tmp_path_factory.mktemp("letters")
    requests = [sample_request(sample, locale) for sample in sorted((ASSETS / "templates").glob("*/sample.json")) for locale in LOCALES]
    refusal = next(request for request in requests if request.document_type == "closing_letter")
    requests.append(replace(refusal, content={**refusal.content, "reason": "Une phrase qui revient. " * 300}))
    certificate = next(request for request in requests if request.document_type == "coinsurance_certificate")
    requests.append(replace(certificate, content={**certificate.content, "coinsured": list(certificate.content["coinsured"]) * 9}))
    pool = RenderingPool(workers=2)
    await pool.start()
    rendered = await asyncio.gather(*(pool.render(request) for request in requests))
    await pool.close()
    files = [folder / f"{number:02}-{request.document_type}-{request.locale}.pdf" for number, request in enumerate(requests)]
    for file, document in zip(files, rendered, strict=True):
        file.write_bytes(document.pdf)
    assert len(files) > 32
    return files


@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_every_letter_conforms(letters: list[Path], flavour: Flavour):
    verdicts = validate(letters, flavour)
    assert len(verdicts) == len(letters)
    assert {verdict.file.name: verdict.failed for verdict in verdicts if not verdict.compliant} == {}


def test_the_validator_would_notice(letters: list[Path], tmp_path: Path):
    spoilt = tmp_path / "spoilt.pdf"
    writer = PdfWriter(clone_from=letters[0])
    del writer.root_object["/MarkInfo"]
    writer.write(spoilt)
    (verdict,) = validate([spoilt], "ua1")
    assert not verdict.compliant
