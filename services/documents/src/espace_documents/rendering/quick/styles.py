"""The same computed styles in a fraction of the time.

WeasyPrint computes each of some two hundred properties of a style by itself, in Python, when it is first asked for. Most of them are what
the parent has, or what every style has from the start: those are filled in at once here, the others computed as ever.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import weasyprint.css
from weasyprint.css import AnonymousStyle, ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

INTERDEPENDENT = {"position", "float", "display", "page"}
"""WeasyPrint computes these with an eye on each other, or on the parent."""
FROM_THE_START = {
    name: value
    for name, value in INITIAL_VALUES.items()
    if name not in INHERITED | INITIAL_NOT_COMPUTED | INTERDEPENDENT and not name.startswith("text_decoration_") and not check_math(value)
}
OF_ANONYMOUS_BOXES = {
    name: value for name, value in FROM_THE_START.items() if not name.endswith("_width") or name[:6] not in {"border", "outlin"}
}
OF_THE_PARENT = tuple(sorted(INHERITED & INITIAL_VALUES.keys()))


def _physical_by_logical() -> dict[str, tuple[str, ...]]:
    """Which properties a logical one, such as margin-block-start, may stand for."""
    found = defaultdict(set)
    for physical, logical_of in PHYSICAL_FUNCTIONS.items():
        for direction in ("ltr", "rtl"):
            found[logical_of(block="ttb", inline=direction)].add(physical)
    return {logical: tuple(sorted(physical)) for logical, physical in found.items()}


PHYSICAL_BY_LOGICAL = _physical_by_logical()


class QuickStyle(ComputedStyle):  # type: ignore[misc]  # as above
    """A style whose plain properties are all there as soon as one is asked for."""

    _filled = False

    def __missing__(self, name: str) -> Any:
        if self._filled or name == "anchor" or self.parent_style is None:  # of most pseudo-elements, the anchor alone is looked at
            return super().__missing__(name)
        self._filled = True
        there = dict(self)
        self.update(FROM_THE_START)
        self.update([(inherited, self.parent_style[inherited]) for inherited in OF_THE_PARENT])
        for given in self.cascaded:
            self.pop(given, None)
            for physical in PHYSICAL_BY_LOGICAL.get(given, ()):
                self.pop(physical, None)
        self.update(there)
        return self[name]

    def copy(self) -> QuickStyle:
        """One of its own for a box that changes it."""
        copy: QuickStyle = super().copy()
        copy._filled = self._filled
        return copy


class QuickAnonymousStyle(AnonymousStyle):  # type: ignore[misc]  # as above
    """The same for what stands between the elements."""

    def __init__(self, parent_style: Any) -> None:
        super().__init__(parent_style)
        self.update(OF_ANONYMOUS_BOXES)
        self.update([(inherited, parent_style[inherited]) for inherited in OF_THE_PARENT])


def use_quick_styles() -> None:
    """Has WeasyPrint make its styles so, in this process."""
    weasyprint.css.ComputedStyle, weasyprint.css.AnonymousStyle = QuickStyle, QuickAnonymousStyle
