"""WeasyPrint as its first example has it: a page of HTML in, a PDF out. No PDF/A, no tags, no data inside, no seal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from weasyprint import HTML

from bench.renderers.content import numbered


def renderer(folder: Path) -> Callable[[int], bytes]:
    page = (folder / "page.html").read_text()

    def make(number: int) -> bytes:
        pdf: bytes = HTML(string=numbered(page, number)).write_pdf()
        return pdf

    return make
