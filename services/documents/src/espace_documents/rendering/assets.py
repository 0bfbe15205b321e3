"""Where the package keeps what documents are made of."""

from __future__ import annotations

from pathlib import Path

ASSETS = Path(__file__).parent.parent / "assets"
FONTS = ASSETS / "fonts" / "fonts.conf"
"""The fontconfig configuration that knows the packaged fonts and no other."""
