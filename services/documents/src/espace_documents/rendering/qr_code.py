"""The verification code of a document as a picture. Imported in the worker processes alone."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

import segno

from espace_documents.rendering.request import JsonValue

SCHEME = "espace-code:"
QUIET_ZONE = 4
MASK = 2
"""Weighing all eight masks, as the standard has it, takes five times as long; every reader takes any of them."""


def verification_code(value: JsonValue) -> str | None:
    """What a QR code holds in its alphanumeric mode and a URL as it is; None when there is none."""
    if value is not None and (not isinstance(value, str) or not re.fullmatch(r"[A-Z2-7]{1,200}", value)):
        raise ValueError("must be 1 to 200 characters of Base32")
    return value


def pictures(code: str | None) -> dict[str, QrCode]:
    """What WeasyPrint keeps images in, by their address: it finds the code's picture there, and everything else is fetched."""
    return {f"{SCHEME}{code}": QrCode(code)} if code else {}


class QrCode:
    """53 by 53 modules with the quiet zone: version 7, error correction M.

    Such as WeasyPrint draws, but written straight into the page: as an SVG, it takes eight times as long to read and draw.
    """

    def __init__(self, code: str) -> None:
        symbol = segno.make_qr(code, error="m", boost_error=False, mask=MASK)
        self._modules = tuple(symbol.matrix)
        self._size = len(self._modules) + 2 * QUIET_ZONE

    def get_intrinsic_size(self, _resolution: float, _font_size: float) -> tuple[None, None, int]:
        """A square as large as the style sheet says."""
        return None, None, 1

    def draw(self, stream: Any, width: float, height: float, _style: object) -> None:
        """As one black path of a rectangle for each run of dark modules."""
        stream.transform(a=width / self._size, d=height / self._size)
        stream.set_color_rgb(0, 0, 0)
        stream.stream.append(" ".join(f"{left} {top} {modules} 1 re" for left, top, modules in self._dark_runs()))
        stream.fill()

    def _dark_runs(self) -> list[tuple[int, int, int]]:
        """Left, top and length of each, in modules."""
        runs = []
        for top, row in enumerate(self._modules, QUIET_ZONE):
            left = QUIET_ZONE
            for dark, modules in groupby(row):
                length = len(tuple(modules))
                if dark:
                    runs.append((left, top, length))
                left += length
        return runs
