"""The used lengths of a box, worked out once for all boxes of a style that has no percentages: nearly all boxes, several times each."""

from __future__ import annotations

from typing import Any

from weasyprint.css import Style
from weasyprint.css.functions import check_math
from weasyprint.layout import absolute, block, inline, page, table
from weasyprint.layout import float as floats
from weasyprint.layout.percent import adjust_box_sizing, resolve_percentages

USERS = (absolute, block, floats, inline, page, table)
LENGTHS = (
    *(f"{around}_{side}" for around in ("margin", "padding") for side in ("top", "right", "bottom", "left")),
    *(f"{bound}{axis}" for axis in ("width", "height") for bound in ("", "min_", "max_")),
)
BORDERS = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))


def own_lengths(style: Style) -> dict[str, Any] | None:
    """What the style says of LENGTHS in pixels, or "auto"; None where it takes a containing block to know one."""
    lengths = {}
    for name in LENGTHS:
        value = style[name]
        if value != "auto" and (check_math(value) or value.unit == "%"):
            return None
        lengths[name] = value if value == "auto" else value.value
    for least in ("min_width", "min_height"):
        if lengths[least] == "auto":
            lengths[least] = 0
    return lengths


def quickly_resolve_percentages(box: Any, containing_block: Any) -> None:
    """WeasyPrint's `resolve_percentages`."""
    style = box.style
    try:
        lengths = style.known.own_lengths
    except AttributeError:
        lengths = style.known.own_lengths = own_lengths(style)
    if lengths is None:
        resolve_percentages(box, containing_block)
        return
    used = vars(box)
    used.update(lengths)
    collapse = style["border_collapse"] == "collapse"
    for border in BORDERS:
        if not (collapse and border in used):  # else the table has decided
            used[border] = style[border]
    if style["box_sizing"] != "content-box":
        adjust_box_sizing(box, "width")
        adjust_box_sizing(box, "height")


def use_quick_lengths() -> None:
    """Has WeasyPrint resolve them so, in this process."""
    for module in USERS:
        module.resolve_percentages = quickly_resolve_percentages
