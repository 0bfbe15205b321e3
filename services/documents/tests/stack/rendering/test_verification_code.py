"""The QR code as a reader sees it: found and decoded in the picture of the page."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.worker import sample_request

MM_PER_INCH = 25.4


def sample(document_type: str, locale: str = "fr"):
    return sample_request(ASSETS / "templates" / document_type / "sample.json", locale)


def codes_on(pdf: bytes, page: int = 0, dpi: int = 150) -> list[zxingcpp.Barcode]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return zxingcpp.read_barcodes(document[page].render(scale=dpi / 72).to_pil())
    finally:
        document.close()


@pytest.mark.parametrize("document_type", sorted(sample.parent.name for sample in (ASSETS / "templates").glob("*/sample.json")))
async def test_the_code_is_read_from_the_first_page_of_every_type_beside_the_window(typesetting, with_code, document_type):
    request = with_code(sample(document_type))
    document = await typesetting.render(request)
    (code,) = codes_on(document.pdf)
    assert code.text == request.verification
    millimetres = MM_PER_INCH / 150
    left, bottom = code.position.top_left.x * millimetres, code.position.bottom_left.y * millimetres
    width = (code.position.top_right.x - code.position.top_left.x) * millimetres
    assert left > 110, "a window envelope shows 20 to 110 mm from the left"
    assert bottom < 45, "and 45 to 90 mm from the top"
    assert width == pytest.approx(45 * 0.42, abs=0.5)


async def test_a_page_scanned_coarsely_or_turned_or_paled_still_gives_the_code(typesetting, with_code):
    request = with_code(sample("closing_letter"))
    pdf = (await typesetting.render(request)).pdf
    page = pypdfium2.PdfDocument(pdf)[0].render(scale=200 / 72).to_pil().convert("L")
    pictures = [page.resize((page.width // 2, page.height // 2)), page.rotate(7, fillcolor=255), page.point(lambda shade: 90 + shade // 2)]
    assert [zxingcpp.read_barcodes(picture)[0].text for picture in pictures] == [request.verification] * 3


async def test_only_the_first_page_carries_it(typesetting, with_code):
    request = sample("closing_letter")
    long = with_code(replace(request, content={**request.content, "reason": "Une phrase qui revient. " * 300}))
    document = await typesetting.render(long)
    assert document.pages > 1
    assert [len(codes_on(document.pdf, page)) for page in range(document.pages)] == [1] + [0] * (document.pages - 1)


def figures(element) -> list[str]:
    """The alternative texts of all figures below an element of the structure tree."""
    found = [element["/Alt"]] if element.get("/S") == "/Figure" else []
    kids = element.get("/K", [])
    below = [kid.get_object() for kid in (kids if isinstance(kids, list) else [kids])]
    return [*found, *(text for kid in below if isinstance(kid, dict) for text in figures(kid))]


SAID = {"fr": "Code QR qui montre", "de": "QR-Code, der zeigt", "en": "QR code that shows", "lb": "QR-Code, deen weist"}


@pytest.mark.parametrize("locale", SAID)
async def test_who_does_not_see_it_is_told_what_it_is(typesetting, with_code, locale):
    pdf = (await typesetting.render(with_code(sample("closing_letter", locale)))).pdf
    (text,) = figures(PdfReader(BytesIO(pdf)).root_object["/StructTreeRoot"])
    assert text.startswith(SAID[locale])


async def test_the_same_request_gives_the_same_bytes_with_its_code(typesetting, with_code):
    request = with_code(sample("closing_letter"))
    assert (await typesetting.render(request)).pdf == (await typesetting.render(request)).pdf


async def test_without_a_code_there_is_none_on_the_paper(typesetting):
    assert codes_on((await typesetting.render(sample("address_sheet"))).pdf) == []
