"""HTML by Jinja2, pages by WeasyPrint. Imported in the worker processes alone: loading it costs some 50 MB."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from weasyprint import CSS, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from espace_documents.rendering import contents, readers
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.conformance import finish
from espace_documents.rendering.fetcher import SCHEME, PackagedAssets
from espace_documents.rendering.language import card_day, in_fours, languages, postal_country
from espace_documents.rendering.qr_code import pictures, verification_code
from espace_documents.rendering.quick import QuickPage, use_quick_ways
from espace_documents.rendering.request import OUT_OF_MEMORY, JsonValue, RenderedDocument, RenderingRefused, RenderingRequest

CSS_PIXELS_PER_MM = 96 / 25.4
WINDOW_BOTTOM_MM = 87.0
"""A DL window ends 90 mm below the top of the sheet; 3 mm are left for the sheet to slip in its envelope."""
HARMLESS = "Using fontTools instead of HarfBuzz-Subset"
"""Only slower: libharfbuzz-subset is not on this machine."""


class Typesetter:
    """Holds what every document needs and none changes: fonts, templates, style sheets, catalogues."""

    def __init__(self, assets: Path = ASSETS) -> None:
        use_quick_ways()
        self._languages = languages(assets / "locales")
        self._templates = SandboxedEnvironment(
            loader=FileSystemLoader(assets / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"in_fours": in_fours, "card_day": card_day}
        self._fetcher = PackagedAssets(assets)
        self._fonts = FontConfiguration()
        self._style = cache(self._read_style)

    def typeset(self, request: RenderingRequest) -> RenderedDocument:
        """The request as a file. Raises RenderingRefused for all that is wrong with the request or the package."""
        with refusing_complaints():
            html = QuickPage(self.markup(request), self._fetcher)
            styles, cache = [self._style(request.document_type)], pictures(request.verification)
            document = html.render(self._fonts, stylesheets=styles, cache=cache, pdf_variant="pdf/a-3a")
            require_address_in_window(document)
            pdf = document.write_pdf(finisher=finish, pdf_variant="pdf/a-3a", attachments=[structured_data(request, self._fetcher)])
            return RenderedDocument(pdf, sha256(pdf).hexdigest(), len(document.pages), document.metadata.title)

    def markup(self, request: RenderingRequest) -> str:
        """The request as a page of HTML, before its styles. Raises RenderingRefused."""
        language = self._languages.get(request.locale)
        if language is None:
            raise RenderingRefused(f"There is no language {request.locale!r}; known are {', '.join(self._languages)}.")
        fields = read_letter(request)
        template = self._templates.get_template(f"{request.document_type}/page.html")
        return template.render(language.names(), **fields, locale=language.locale)

    def _read_style(self, document_type: str) -> CSS:
        """That of all letters and that of the type, as one: each further sheet is matched with each element."""
        sheets = (self._fetcher.fetch(f"{SCHEME}templates/{name}").read() for name in ("letter.css", f"{document_type}/style.css"))
        return CSS(string=b"\n".join(sheets).decode(), base_url=SCHEME, url_fetcher=self._fetcher, font_config=self._fonts)


def read_letter(request: RenderingRequest) -> dict[str, object]:
    """All that a template may print: the type's own fields and what every letter has. Raises RenderingRefused, naming the field.

    Where a type has a field that every letter has, the letter's comes first: the type's own is `content.reference`.
    """
    recipient = request.recipient
    lines: JsonValue = [*recipient.lines]
    content = contents.read(request.document_type, request.content)
    return content | {
        "content": content,
        "reference": contents.read_field("reference", readers.line, request.reference),
        "issued_on": request.issued_on,
        "recipient_name": contents.read_field("recipient.name", readers.line, recipient.name),
        "recipient_lines": contents.read_field("recipient.lines", readers.address, lines),
        "recipient_country": contents.read_field("recipient.country", postal_country, recipient.country),
        "verification": contents.read_field("verification", verification_code, request.verification),
    }


def require_address_in_window(document: Any) -> None:
    """Raises RenderingRefused if the address runs out of the envelope's window."""
    _, _, _, bottom = document.pages[0].anchors["address"]
    if bottom > WINDOW_BOTTOM_MM * CSS_PIXELS_PER_MM:
        raise RenderingRefused("The name and address are too long for the window of the envelope; shorten the lines.")


def structured_data(request: RenderingRequest, fetcher: PackagedAssets) -> Attachment:
    """What the letter says, for machines: embedded beside the pages, dated like them."""
    issued = datetime.combine(request.issued_on, time(), UTC)
    return Attachment(
        string=json.dumps(request.data(), ensure_ascii=False, sort_keys=True),
        url_fetcher=fetcher,  # fetches nothing here, but WeasyPrint would make one that could
        name="document.json",
        description="The content of this document as JSON",
        created=issued,
        modified=issued,
        relationship="Data",
    )


@contextmanager
def refusing_complaints() -> Iterator[None]:
    """A letter is whole or it is not made: what WeasyPrint would only log, and whatever a template raises, refuses the document."""
    complaints = Complaints(logging.WARNING)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(complaints)
    try:
        yield
    except (RenderingRefused, *OUT_OF_MEMORY):
        raise
    except FatalURLFetchingError:
        raise RenderingRefused("The template asks for an asset that is not in the package.") from None
    except Exception as error:  # noqa: BLE001  # whatever it is, this content raises it again; its text may hold a person's data
        raise RenderingRefused(f"Typesetting failed with {type(error).__name__}.") from None
    finally:
        logger.removeHandler(complaints)
    complaints.refuse()


class Complaints(logging.Handler):
    """What WeasyPrint logged while typesetting, without the values: those may be a person's."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self._heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the sentence of the record, and of a missing glyph its code point."""
        if record.msg.startswith(HARMLESS):
            return
        if record.msg.startswith(".notdef") and isinstance(record.args, tuple):
            self._heard.append(f"no packaged font has a glyph for U+{record.args[1]:04X}")
        else:
            self._heard.append(record.msg)

    def refuse(self) -> None:
        """Raises RenderingRefused if anything was logged."""
        if self._heard:
            raise RenderingRefused(f"The document cannot be typeset whole: {'; '.join(dict.fromkeys(self._heard))}.")
