"""Glyphs written into the page, each worked out when a document shows it for the first time at its size, width and place in the line."""

from __future__ import annotations

from struct import Struct
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.text.ffi import FROM_UNITS, ffi, pango

GLYPH = Struct("=Iiii4x")
"""Of Pango: what it is, its width, its offsets to the right and down; behind that are flags that the layout alone uses."""
FONTS_KNOW_THEIR_SIZE = 14_802
"""From this version of Pango on."""
draw_any_first_line = drawing.draw_first_line
assert GLYPH.size == ffi.sizeof("PangoGlyphInfo")


def quickly_draw_first_line(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: str, matrix: Any) -> list[Any]:
    """WeasyPrint's `draw_first_line`, for a line that is not shortened, of glyphs in one colour that stand on its base line.

    What was written for a line is kept with it: a line that stands in several places is one.
    """
    runs = None
    if text_overflow != "ellipsis" and block_ellipsis == "none" and textbox.text.strip():
        layout = vars(textbox.pango_layout)
        if "runs" not in layout:
            layout["runs"] = written_runs(stream, textbox)
        runs = layout["runs"]
    if runs is None:
        emojis: list[Any] = draw_any_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
        return emojis
    stream.set_text_matrix(*matrix.values)
    written = ""
    for font, font_size, glyphs in runs:
        if font:
            if written:
                stream.show_text(written)
            written = ""
            stream.set_font_size(font.hash, font_size)
        written += f"<{glyphs}"
        written = written[:-1] if written[-1] == "<" else f"{written}>"
    stream.show_text(written)
    return []


def written_runs(stream: Any, textbox: Any) -> list[tuple[Any, float, str]] | None:
    """The runs of the line: the font, if it is not that of the run before, its size in pixels, the glyphs. None if some are not plain."""
    runs: list[tuple[Any, float, str]] = []
    line, _ = textbox.pango_layout.get_first_line()
    run, pango_font = line.runs[0], None
    while run != ffi.NULL:
        item, run = run.data, run.next
        is_new = item.item.analysis.font != pango_font
        if is_new:
            pango_font = item.item.analysis.font
            font, font_size = stream.add_font(pango_font)
            if font.bitmap or font.png or font.svg or font.colr:
                return None
            written = vars(font).setdefault("written", {}).setdefault(font_size, {})
        glyphs = list(GLYPH.iter_unpack(ffi.buffer(item.glyphs.glyphs, GLYPH.size * item.glyphs.num_glyphs)))
        for position, glyph in enumerate(glyphs):
            if glyph not in written:
                if glyph[0] >= pango.PANGO_GLYPH_EMPTY or glyph[3]:
                    return None
                written[glyph] = written_glyph(stream, font, font_size, pango_font, glyph)
                if glyph[0] not in font.to_unicode:
                    font.to_unicode[glyph[0]] = text_of(textbox, item, position)
        runs.append((font if is_new else None, font_size, "".join([written[glyph] for glyph in glyphs])))
    return runs


def written_glyph(stream: Any, font: Any, font_size: float, pango_font: Any, glyph: tuple[int, ...]) -> str:
    """As it stands within < and >, with the way from where it is to where it should be, and from its own width to that in the line."""
    number, width, right, _down = glyph
    if number not in font.widths:
        pango.pango_font_get_glyph_extents(pango_font, number, stream.ink_rect, stream.logical_rect)
        font.widths[number] = round(stream.logical_rect.width * 1000 * FROM_UNITS / font_size)
    offset = right / font_size
    kerning = font.widths[number] + offset - width * 1000 * FROM_UNITS / font_size
    return (f">{-offset}<" if offset else "") + f"{number:04x}" + (f">{int(kerning)}<" if kerning else "")


def text_of(textbox: Any, item: Any, position: int) -> str:
    """What the glyph at this position stands for."""
    clusters, length = item.glyphs.log_clusters, item.item.length
    if item.item.analysis.level % 2:  # from right to left
        end = length if position == 0 else clusters[position - 1]
    else:
        end = length if position == item.glyphs.num_glyphs - 1 else clusters[position + 1]
    start = item.item.offset
    written: str = textbox.pango_layout.text.encode()[start + clusters[position] : start + end].decode()
    return written


def use_quick_glyphs() -> None:
    """Has WeasyPrint write them so, in this process."""
    if pango.pango_version() >= FONTS_KNOW_THEIR_SIZE:
        drawing.draw_first_line = quickly_draw_first_line
