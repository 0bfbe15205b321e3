"""What all renderers print: the sample of a letter, and a statement of three pages, both in French.

Each document differs from the one before: a number of five figures stands in its reference and in each line, so that no renderer can
give back what it made before.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import segno
import tinyhtml5

from espace_documents.rendering import RenderingRequest, wire
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.typesetter import Typesetter
from espace_documents.rendering.worker import sample_request

NUMBER = "00000"
"""Stands in the reference and in each line, for the number of the document."""
LETTER, STATEMENT = "letter", "three-page statement"
KINDS = (LETTER, STATEMENT)
LINES = 28
STEPS = {"invoiced_cents": 107, "tariff_cents": 107, "participation_cents": 13, "refunded_cents": 94}
"""What each amount has more than that of the line before: a renderer may keep words that it has set, and no statement repeats its
amounts throughout."""
PAGES = {LETTER: 1, STATEMENT: 3}
CODE = "A7" * 80
"""As long as a verification code."""
FONT_FACES = """
@font-face { font-family: "eSpace Sans"; src: url("FONTS/eSpaceSans-Regular.ttf"); font-weight: 400; }
@font-face { font-family: "eSpace Sans"; src: url("FONTS/eSpaceSans-Semibold.ttf"); font-weight: 600; }
"""
FONTS = ASSETS / "fonts"


def request(kind: str) -> RenderingRequest:
    """The document to typeset, with NUMBER where its number belongs."""
    if kind == LETTER:
        sample = sample_request(ASSETS / "templates" / "bank_account_change" / "sample.json", "fr")
        return replace(sample, reference=f"CNS-2026-{NUMBER}", verification=CODE)
    sample = sample_request(ASSETS / "templates" / "reimbursement_statement" / "sample.json", "fr")
    some: Any = sample.content["lines"]
    lines: list[Any] = [
        {**line, "supplier": f"{line['supplier']} {NUMBER}"} | {name: line[name] + step * position for name, step in STEPS.items()}
        for position, line in enumerate((some * LINES)[:LINES])
    ]
    return replace(sample, reference=f"CNS-2026-{NUMBER}", content={**sample.content, "lines": lines}, verification=CODE)


def numbered(text: str, number: int) -> str:
    return text.replace(NUMBER, f"{number:05}")


def numbered_requests(kind: str) -> Iterator[RenderingRequest]:
    """One after another, without end."""
    template = json.dumps(request(kind).data(), ensure_ascii=False)
    return (wire.request_from(json.loads(numbered(template, number))) for number in count(1))


def page(kind: str) -> str:
    """The page as the eSpace's own template has it, its style sheets and fonts within or beside it, as HTML."""
    return ET.tostring(_page(kind, code_as_svg()), encoding="unicode", method="html")


def xhtml(kind: str) -> str:
    """The same for those who read XML alone and draw no SVG."""
    return ET.tostring(_page(kind, code_as_png()), encoding="unicode", method="xml")


def code_as_svg() -> str:
    svg = BytesIO()
    _symbol().save(svg, kind="svg", border=4, xmldecl=False, omitsize=True)
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.getvalue()).decode()}"


def code_as_png() -> str:
    return str(_symbol().png_data_uri(border=4, scale=4))


def _symbol() -> segno.QRCode:
    return segno.make_qr(CODE, error="m", boost_error=False)


def _page(kind: str, code: str) -> ET.Element:
    wanted = request(kind)
    root: ET.Element = tinyhtml5.parse(Typesetter().markup(wanted), namespace_html_elements=False)
    head, picture = root.find("head"), root.find(".//img")
    assert head is not None
    assert picture is not None
    picture.set("src", code)
    style = ET.SubElement(head, "style")
    sheets = [(ASSETS / "templates" / name).read_text() for name in ("letter.css", f"{wanted.document_type}/style.css")]
    style.text = "\n".join([FONT_FACES.replace("FONTS", FONTS.as_uri()), *sheets])
    return root


def structure(kind: str) -> dict[str, Any]:
    """The same texts without their layout, for whoever does not read HTML."""
    root: ET.Element = tinyhtml5.parse(Typesetter().markup(request(kind)), namespace_html_elements=False)
    main = root.find(".//main")
    assert main is not None
    return {
        "title": _text(root.find("head/title")),
        "wordmark": _text(root.find(".//*[@class='wordmark']")),
        "sender": _text(root.find(".//*[@class='sender-line']")),
        "return_address": _text(root.find(".//*[@class='return-address']")),
        "address": [line.strip() for line in _joined(root.find(".//*[@id='address']")).split("\n") if line.strip()],
        "particulars": [[_text(cell) for cell in row] for row in _rows(root.find(".//div[@class='particulars']/table"))],
        "code_label": _text(root.find(".//*[@class='verification']/p")),
        "code_alt": next(image.get("alt", "") for image in root.iter("img")),
        "reference": request(kind).reference,
        "blocks": [block for child in main for block in _blocks(child)],
    }


def _blocks(element: ET.Element) -> list[dict[str, Any]]:
    match element.tag:
        case "h1" | "h2" | "p":
            return [{"is": element.tag, "text": _text(element)}]
        case "ul":
            return [{"is": "ul", "items": [_text(item) for item in element]}]
        case "table":
            caption = element.find("caption")
            return [{"is": "table", "caption": _text(caption), **{part: _cells(element.find(part)) for part in ("thead", "tbody")}}]
        case _:
            return [block for child in element for block in _blocks(child)]


def _cells(part: ET.Element | None) -> list[list[dict[str, Any]]]:
    return [
        [
            {
                "text": _text(cell),
                "span": int(cell.get("colspan", "1")),
                "amount": "amount" in cell.get("class", ""),
                "head": cell.tag == "th",
                "strong": row.get("class") == "total",
            }
            for cell in row
        ]
        for row in _rows(part)
    ]


def _rows(part: ET.Element | None) -> list[ET.Element]:
    return [] if part is None else list(part.iter("tr"))


def _text(element: ET.Element | None) -> str:
    return "" if element is None else " ".join(_joined(element).replace("\u00a0", "~").split()).replace("~", "\u00a0")


def _joined(element: ET.Element | None) -> str:
    return "" if element is None else "".join(element.itertext())


def materials(kind: str, folder: Path) -> None:
    """Everything that a renderer may start from, in a folder."""
    folder.mkdir(parents=True)
    (folder / "page.html").write_text(page(kind))
    (folder / "page.xhtml").write_text(xhtml(kind))
    (folder / "structure.json").write_text(json.dumps(structure(kind), ensure_ascii=False))
    svg = BytesIO()
    _symbol().save(svg, kind="svg", border=4)
    (folder / "code.svg").write_bytes(svg.getvalue())
