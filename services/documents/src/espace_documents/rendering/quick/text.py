"""The same lines of text, each shaped once: WeasyPrint lets go of a shaped line when it has its place, and shapes it anew to draw it."""

from __future__ import annotations

import weasyprint.layout.inline
import weasyprint.text.line_break
from weasyprint.css import Style
from weasyprint.text.ffi import pango
from weasyprint.text.line_break import Layout, strut

PARAGRAPH_ENDS = frozenset("\n\r\u2028\u2029")


class KeptLayout(Layout):  # type: ignore[misc]  # WeasyPrint carries no types
    """A line that stays shaped until it is drawn. Justified text alone is shaped again, since its spaces grow."""

    def set_text(self, text: str, justify: bool = False) -> None:
        """As WeasyPrint's. Text of one paragraph is said to be so from the start: told so when it is drawn, Pango would shape it again."""
        pango.pango_layout_set_single_paragraph_mode(self.layout, PARAGRAPH_ENDS.isdisjoint(text))
        super().set_text(text, justify)

    def deactivate(self) -> None:
        """Nothing: a letter has few enough lines to keep them."""

    def reactivate(self, style: Style) -> None:
        """As WeasyPrint's, where that makes a difference."""
        if self.justification_spacing:
            super().reactivate(style)


def strut_of(style: Style) -> tuple[float, float]:
    """WeasyPrint's `strut`, worked out once for a style; its own memory takes longer to ask than a style has to wait for."""
    try:
        found: tuple[float, float] = style.strut
    except AttributeError:
        found = style.strut = strut(style)
    return found


def use_quick_text() -> None:
    """Has WeasyPrint set lines so, in this process."""
    weasyprint.text.line_break.Layout = KeptLayout
    weasyprint.layout.inline.strut = strut_of
