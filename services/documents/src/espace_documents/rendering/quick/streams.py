"""Streams of the PDF packed at zlib's usual level: its highest takes twice as long for two hundredths less."""

from __future__ import annotations

import zlib
from types import SimpleNamespace

import pydyf


def _usual_compression(level: int) -> zlib._Compress:
    del level  # pydyf always asks for the highest
    return zlib.compressobj()


def use_quick_streams() -> None:
    """Has pydyf pack so, in this process."""
    pydyf.zlib = SimpleNamespace(compress=zlib.compress, compressobj=_usual_compression)
