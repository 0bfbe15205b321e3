"""The same lines of text, each shaped once.

WeasyPrint lets go of a shaped line when it has its place, and shapes it anew to draw it; and it shapes the same words anew wherever they
stand again.
"""

from __future__ import annotations

from math import inf
from typing import Any, NamedTuple

import weasyprint.layout.inline
import weasyprint.text.line_break
from weasyprint.css import Style
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, gobject, pango
from weasyprint.text.fonts import font_features, get_font_description
from weasyprint.text.line_break import Layout, line_size, split_first_line, strut

PARAGRAPH_ENDS = frozenset("\n\r\u2028\u2029")
NOT_PLAIN = PARAGRAPH_ENDS | {"\t", "\0"}
WRAPPING = {"normal", "pre-wrap", "pre-line"}
FEATURE_PROPERTIES = (
    "font_kerning",
    *(f"font_variant_{kind}" for kind in ("ligatures", "position", "caps", "numeric", "alternates", "east_asian")),
    "font_feature_settings",
)
"""As `font_features` takes them."""
WIDEST = 2**21
"""Pixels: WeasyPrint lets Pango break no line that is as wide."""
CHARACTERS_OF_A_LINE = 4
"""WeasyPrint gives Pango so many for each font size that goes into the width, and the whole text only if they do not fill it."""


class Look(NamedTuple):
    """What a style makes of any text: where Pango shapes it, in which font and with which of its features."""

    context: Any
    font: Any
    features: Any

    @classmethod
    def of(cls, style: Style) -> Look | None:
        """Worked out once for a style; None if its text is decorated or spaced, or takes the glyphs of another language."""
        try:
            found: Look | None = style.known.look
        except AttributeError:
            found = style.known.look = cls._new(style)
        return found

    @classmethod
    def _new(cls, style: Style) -> Look | None:
        usual = {"text_decoration_line": "none", "font_language_override": "normal", "letter_spacing": "normal", "word_spacing": 0}
        if not style["lang"] or not style["font_size"] or any(style[name] != value for name, value in usual.items()):
            return None
        context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
        pango.pango_context_set_round_glyph_positions(context, False)
        pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
        pango.pango_context_set_language(context, pango.pango_language_from_string(style["lang"].encode()))
        features = None
        if wanted := font_features(*(style[name] for name in FEATURE_PROPERTIES)):
            written = ",".join(f"{key} {value}" for key, value in wanted.items()).encode()
            features = pango.pango_attr_list_new()
            # WeasyPrint's way to have each attribute once: a list of Pango takes it over, and it would be freed with the first
            known = style.font_config.font_features
            pango.pango_attr_list_insert(features, known.setdefault(written, pango.pango_attr_font_features_new(written)))
        return cls(context, get_font_description(style), features)


class KeptLayout(Layout):  # type: ignore[misc]  # WeasyPrint carries no types
    """A line that stays shaped until it is drawn. Justified text alone is shaped again, since its spaces grow."""

    @classmethod
    def of_line(cls, text: str, look: Look) -> KeptLayout:
        """A line that is not broken, nor shortened."""
        made: KeptLayout = cls.__new__(cls)
        made.text, made.justification_spacing, made.max_width = text, 0, None
        made.layout = ffi.gc(pango.pango_layout_new(look.context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(made.layout, False)
        pango.pango_layout_set_single_paragraph_mode(made.layout, True)
        pango.pango_layout_set_font_description(made.layout, look.font)
        if look.features is not None:
            pango.pango_layout_set_attributes(made.layout, look.features)
        encoded = text.encode()
        pango.pango_layout_set_text(made.layout, encoded, len(encoded))
        return made

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


def quickly_split_first_line(  # noqa: PLR0917  # as WeasyPrint calls it
    text: str, style: Style, context: Any, max_width: float | None, justification_spacing: float, is_line_start: bool = True
) -> tuple[Any, ...]:
    """WeasyPrint's `split_first_line`: what of the text goes into a line, shaped, and its measures. In a table, many lines stand
    there several times: a document's styles keep them by their text."""
    look = Look.of(style)
    if look is None or justification_spacing:
        broken: tuple[Any, ...] = split_first_line(text, style, context, max_width, justification_spacing, is_line_start)
        return broken
    try:
        lines = style.lines
    except AttributeError:
        lines = style.lines = {}
    found = whole_line(text, style, look, lines, max_width) or lines.get((text, max_width, is_line_start))
    if found is None:
        found = lines[text, max_width, is_line_start] = split_first_line(text, style, context, max_width, 0, is_line_start)
    return found


def whole_line(text: str, style: Style, look: Look, lines: dict[Any, Any], max_width: float | None) -> tuple[Any, ...] | None:
    """The text in one line no wider than so many pixels, with its measures; None if it is none."""
    if not NOT_PLAIN.isdisjoint(text):
        return None
    room = inf if max_width is None or style["white_space"] not in WRAPPING else max_width
    if room != inf and len(text) > room / style["font_size"] * CHARACTERS_OF_A_LINE:
        return None
    line = lines.get(text)
    if line is None:
        layout = KeptLayout.of_line(text, look)
        first, following = layout.get_first_line()
        baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
        line = lines[text] = (layout, first.length, following, *line_size(first, style), baseline)
    _, _, following, width, _, _ = line
    fits = following is None and width <= (room if room >= WIDEST else int(max(0, room) * TO_UNITS) * FROM_UNITS)
    return line if fits else None


def strut_of(style: Style) -> tuple[float, float]:
    """WeasyPrint's `strut`, worked out once for a style; its own memory takes longer to ask than a style has to wait for."""
    try:
        found: tuple[float, float] = style.known.strut
    except AttributeError:
        found = style.known.strut = strut(style)
    return found


def use_quick_text() -> None:
    """Has WeasyPrint set lines so, in this process."""
    weasyprint.text.line_break.Layout = KeptLayout
    weasyprint.layout.inline.strut = strut_of
    weasyprint.layout.inline.split_first_line = quickly_split_first_line
