"""A page read as XML, which its templates are: by a parser in C, which refuses what the one for HTML would mend in silence.

WeasyPrint's own style sheet gives each element the pseudo-elements of footnotes and notes, five styles that no letter of the fund uses:
here it comes without them.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.html import UA, UA_COUNTER_STYLE
from weasyprint.urls import URLFetcher


def plain_sheet() -> CSS:
    """WeasyPrint's own style sheet as far as letters need it: without notes, and with markers for list items alone."""
    lines = [line for line in UA.splitlines() if not line.startswith(("::footnote-", "::note-"))]
    return CSS(string="\n".join(f"li{line}" if line.startswith("::marker") else line for line in lines), counter_style=UA_COUNTER_STYLE)


class QuickPage(HTML):  # type: ignore[misc]  # WeasyPrint carries no types
    """What WeasyPrint renders, from markup that is HTML and XML alike: elements are closed, and the rows of a table stand in its body.

    It has no base: what it shows from elsewhere has its whole address. Raises ParseError for markup that is no XML.
    """

    _sheets = (plain_sheet(),)

    def __init__(self, markup: str, url_fetcher: URLFetcher) -> None:
        root = ET.fromstring(markup)  # noqa: S314  # our own template, in which everything else is escaped
        self.base_url, self.url_fetcher, self.media_type = None, url_fetcher, "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, _forms: bool = False) -> tuple[CSS, ...]:  # the signature is WeasyPrint's
        return self._sheets
