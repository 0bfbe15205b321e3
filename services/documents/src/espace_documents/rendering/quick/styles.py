"""The same computed styles in a fraction of the time.

WeasyPrint computes each of some two hundred properties of a style by itself, in Python, when it is first asked for, and for each document
anew. Most of them are what the parent has, or what every style has from the start: those are filled in at once here. The others are
computed as ever, for the first of all documents whose style sheets and tree of elements lead to the same style.

That holds as long as no style sheet counts in parts of the page (vw and its like): a style does not tell the size of its page.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import Any

import weasyprint.css
from weasyprint.css import AnonymousStyle, ComputedStyle
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

OF_THE_ELEMENT = {"anchor", "lang"}
"""Declared by an element's attributes, anew for each document."""
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


class Known:
    """What has been worked out of one style, in this document or in an earlier one. Other files here add what they work out.

    It is found by the addresses of what the style sheets declare, so it keeps them: nothing else may take their place.
    """

    def __init__(self, cascaded: dict[str, Any] | None = None) -> None:
        self.cascaded = cascaded
        self.values: dict[str, Any] = {}
        self.specified: dict[str, Any] = {}
        self.handed_down: dict[str, Any] | None = None
        self.anonymous: Known | None = None


KNOWN: dict[tuple[object, ...], Known] = {}
KNOWN_AT_MOST = 1_000
"""Styles, some 4 MB: of a dozen letters of other types or languages, or of half as many long statements. They hold nothing that a letter
says."""


def known_of(style: Any) -> Known:
    """Shared by all styles that have the same parent and the same declarations."""
    declared = (
        (name, value if name in OF_THE_ELEMENT else id(value), importance, layer, *specificity)
        for name, (value, (importance, layer, specificity)) in style.cascaded.items()
    )
    parent = style.font_config if style.parent_style is None else style.parent_style.known
    key = (parent, style.pseudo_type, *declared)
    found = KNOWN.pop(key) if key in KNOWN else Known(style.cascaded)
    KNOWN[key] = found
    if len(KNOWN) > KNOWN_AT_MOST:
        del KNOWN[next(iter(KNOWN))]  # the one not asked for the longest
    return found


def handed_down(parent: Any) -> dict[str, Any]:
    """What a style has from this parent, unless it declares it."""
    known: Known = parent.known
    if known.handed_down is None:
        known.handed_down = {name: parent[name] for name in OF_THE_PARENT}
    return known.handed_down


class QuickStyle(ComputedStyle):  # type: ignore[misc]  # as above
    """A style whose plain properties are all there as soon as one is asked for, and whose others are computed once for all documents."""

    _filled = False
    known = cached_property(known_of)

    def __missing__(self, name: str) -> Any:
        if name == "anchor" and self.pseudo_type:  # of most pseudo-elements, the anchor alone is looked at
            return super().__missing__(name)
        if self._filled:
            value = self.known.values[name] = super().__missing__(name)
            return value
        self._fill()
        return self[name]

    def _fill(self) -> None:
        self._filled = True
        there = dict(self)
        self.specified = self.known.specified
        if self.parent_style is not None:
            self.update(FROM_THE_START)
            inherited = handed_down(self.parent_style)
            self.update(inherited)
            for given in self.cascaded:
                self.pop(given, None)
                for physical in PHYSICAL_BY_LOGICAL.get(given, ()):
                    self.pop(physical, None)
            if inherited.keys().isdisjoint(self.cascaded):
                self.known.handed_down = inherited
        self.update(self.known.values)
        self.update(there)

    def copy(self) -> QuickStyle:
        """One of its own for a box that changes it."""
        if not self._filled:
            self._fill()
        copy: QuickStyle = super().copy()
        copy._filled, copy.known = True, Known()
        return copy


class QuickAnonymousStyle(AnonymousStyle):  # type: ignore[misc]  # as above
    """The same for what stands between the elements."""

    def __init__(self, parent_style: Any) -> None:
        super().__init__(parent_style)
        parent: Known = parent_style.known
        if parent.anonymous is None:
            parent.anonymous = Known()
        self.known = parent.anonymous
        self.update(OF_ANONYMOUS_BOXES)
        self.known.handed_down = handed_down(parent_style)
        self.update(self.known.handed_down)
        self.update(self.known.values)

    def __missing__(self, name: str) -> Any:
        value = self.known.values[name] = super().__missing__(name)
        return value

    def copy(self) -> QuickAnonymousStyle:
        """One of its own for a box that changes it."""
        copy: QuickAnonymousStyle = super().copy()
        copy.known = Known()
        return copy


def use_quick_styles() -> None:
    """Has WeasyPrint make its styles so, in this process."""
    weasyprint.css.ComputedStyle, weasyprint.css.AnonymousStyle = QuickStyle, QuickAnonymousStyle
