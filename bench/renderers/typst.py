"""Typst: its own language instead of HTML, PDF/A-3a and PDF/UA-1 of its own. No seal; the data inside is what it prints."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench.renderers.content import FONTS, numbered

SOURCE = Path(__file__).with_name("letter.typ")
DAY = datetime(2026, 1, 15, tzinfo=UTC)


def renderer(folder: Path) -> Callable[[int], bytes]:
    import typst  # noqa: PLC0415  # in the bench's own folder of packages, which this process alone has on its path

    text = (folder / "structure.json").read_text()
    compiler = typst.Compiler(SOURCE, root="/", font_paths=[str(FONTS)], ignore_system_fonts=True)

    def make(number: int) -> bytes:
        inputs = {"letter": numbered(text, number), "code": str(folder / "code.svg")}
        pdf: bytes = compiler.compile(sys_inputs=inputs, pdf_standards=["a-3a", "ua-1"], timestamp=DAY)
        return pdf

    assert json.loads(text)["blocks"], "there is nothing to print"
    return make
