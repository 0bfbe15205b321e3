"""Lines that are one piece of text and stand beside no float, which nearly all are, without the steps that only other lines need."""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure.boxes import TextBox
from weasyprint.layout import inline
from weasyprint.layout.inline import _adjust_line_height

ROUNDING = 1 + 1e-9
"""What WeasyPrint adds to a line's width, lest an error of rounding break it."""
get_any_linebox = inline.get_next_linebox


def quickly_get_next_linebox(  # noqa: PLR0917  # as WeasyPrint calls it
    context: Any,
    linebox: Any,
    position_y: float,
    bottom_space: float,
    skip_stack: dict[int, Any] | None,
    containing_block: Any,
    *boxes_and_styles: Any,
) -> tuple[Any, dict[int, Any] | None]:
    """WeasyPrint's `get_next_linebox`: the line, and where the next one begins."""
    *_, first_letter_style, first_line_style = boxes_and_styles
    found = None
    if not (context.excluded_shapes or first_letter_style or first_line_style) and is_plain(linebox, skip_stack, containing_block):
        found = plain_line(context, linebox, position_y, skip_stack, containing_block)
    return found or get_any_linebox(context, linebox, position_y, bottom_space, skip_stack, containing_block, *boxes_and_styles)


def is_plain(linebox: Any, skip_stack: dict[int, Any] | None, containing_block: Any) -> bool:
    """Whether the line is of one piece of text, written from left to right."""
    return (
        len(linebox.children) == 1
        and type(linebox.children[0]) is TextBox
        and (skip_stack is None or 0 in skip_stack)
        and containing_block.style["direction"] == linebox.style["direction"] == "ltr"
        and linebox.children[0].style["vertical_align"] == "baseline"
        and linebox.children[0].is_in_normal_flow()
    )


def plain_line(
    context: Any, linebox: Any, position_y: float, skip_stack: dict[int, Any] | None, containing_block: Any
) -> tuple[Any, dict[int, Any] | None] | None:
    """The same for such a line; None where nothing of its text is left.

    Each sum is taken as WeasyPrint takes it, so that it is rounded alike.
    """
    skip_stack = inline.skip_first_whitespace(linebox, skip_stack)
    if skip_stack == "continue":
        return None
    (text,) = linebox.children
    left = containing_block.content_box_x()
    available_width = left + containing_block.width - left
    linebox.position_x, linebox.position_y = left, position_y
    text.position_x, text.position_y = left + linebox.text_indent, position_y
    inline.resolve_percentages(text, containing_block)
    within = skip_stack[0] if skip_stack else None
    room = (left + available_width) * ROUNDING - text.position_x
    text, resume_at, preserved_break = inline.split_text_box(context, text, room, next(iter(within)) if within else 0)
    if text is None:
        return None

    line = linebox.copy_with_children([text])
    line.width = text.position_x + text.margin_width() - line.content_box_x()
    _adjust_line_height(line)
    linebox.width, linebox.height = line.width, line.height
    if text.text[-1] == " ":
        inline.remove_last_whitespace(context, line)
    offset_x = inline.text_align(context, line, available_width, last=resume_at is None or preserved_break)

    text.position_y, line_top = 0 - text.baseline, 0 - line.baseline
    top = min(text.position_y, line_top)
    bottom = max(text.position_y + text.margin_height(), line_top + line.margin_height())
    line.baseline, line.position_y, line.height = -top, top, bottom - top
    line.margin_top = line.margin_bottom = 0
    line.translate(offset_x, position_y - top)
    line.position_y = position_y
    return line, None if resume_at is None else {0: {resume_at: None}}


def use_quick_lines() -> None:
    """Has WeasyPrint set them so, in this process."""
    inline.get_next_linebox = quickly_get_next_linebox
