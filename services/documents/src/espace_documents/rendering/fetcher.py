"""The only way to fetch something while typesetting. Imported in the worker processes alone."""

from __future__ import annotations

from pathlib import Path

from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "espace-asset:"
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class PackagedAssets(URLFetcher):  # type: ignore[misc]  # WeasyPrint carries no types
    """Answers ``espace-asset:templates/letter.css`` with that file of the package; any other address ends the typesetting."""

    def __init__(self, root: Path) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._root = root.resolve()

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002  # the signature is WeasyPrint's
        """The asset. Raises ValueError for what is not one, which WeasyPrint turns into FatalURLFetchingError."""
        asset = (self._root / url.removeprefix(SCHEME)).resolve()
        media_type = MEDIA_TYPES.get(asset.suffix)
        if not url.startswith(SCHEME) or not asset.is_relative_to(self._root) or media_type is None:
            raise ValueError("Only packaged assets may be fetched.")
        return URLFetcherResponse(url, asset.read_bytes(), {"Content-Type": media_type})
