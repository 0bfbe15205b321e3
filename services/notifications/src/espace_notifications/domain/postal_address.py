"""Where a letter goes, and its place in the order that the post wants."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HOME = "LU"
_FORMS = {"LU": ("LU?", r"\d{4}"), "BE": ("BE?", r"\d{4}"), "FR": ("FR?", r"\d{5}"), "DE": ("DE?", r"\d{5}")}
_ANYWHERE = ("[A-Z]{1,3}", r"\d{4,6}")
"""The letters that may stand before the postcode (`L-1234`), and its digits: of the countries whose form is certain, and of all others."""


@dataclass(frozen=True)
class PostalAddress:
    """An address as it is printed, without the name; `country` is ISO 3166-1 alpha-2."""

    lines: tuple[str, ...]
    country: str

    @property
    def usable(self) -> bool:
        """Whether there is anything to print."""
        return any(line.strip() for line in self.lines)

    @property
    def postcode(self) -> str | None:
        """The digits at the start of a line, or behind the country's letters anywhere in it; the lowest such line counts."""
        letters, digits = _FORMS.get(self.country, _ANYWHERE)
        form = re.compile(rf"(?:^\s*|\b{letters}[- ]?)({digits})(?!\d)", re.IGNORECASE)
        found = (form.search(line) for line in reversed(self.lines))
        return next((match[1] for match in found if match), None)

    @property
    def place_in_order(self) -> tuple[bool, str, bool, str]:
        """Sorts Luxembourg first, then by country, then by postcode; without one, last of its country."""
        postcode = self.postcode
        return self.country != _HOME, self.country, postcode is None, postcode or ""
