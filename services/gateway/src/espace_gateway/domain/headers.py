"""Which headers pass the door. Both are lists of what may pass, so that a header nobody thought of stays outside."""

from __future__ import annotations

from collections.abc import Iterable

_INWARD = frozenset({
    "accept", "accept-language", "content-type", "content-length", "idempotency-key", "if-match", "if-none-match", "if-range", "range",
})  # fmt: skip
"""Not among them: authorization and forwarded, which the door itself vouches for, and cookies, which are identity's alone."""

_OUTWARD = frozenset({
    "accept-ranges", "allow", "content-disposition", "content-encoding", "content-language", "content-length", "content-range",
    "content-type", "etag", "last-modified", "location", "repr-digest", "retry-after", "vary",
})  # fmt: skip

Headers = list[tuple[str, str]]


def passing_inward(headers: Iterable[tuple[str, str]]) -> Headers:
    """What a service hears of a person's request."""
    return [(name, value) for name, value in headers if name.lower() in _INWARD]


def passing_outward(headers: Iterable[tuple[str, str]], *, sets_cookies: bool) -> Headers:
    """What a person hears of a service's answer. Only the keeper of sessions `sets_cookies`."""
    return [(name, value) for name, value in headers if name.lower() in _OUTWARD or (sets_cookies and name.lower() == "set-cookie")]


def security_headers(*, https: bool) -> dict[str, str]:
    """What every answer tells the browser: run nothing, load nothing, be framed nowhere, keep no copy, tell nobody where it was."""
    always = {
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return {**always, "Strict-Transport-Security": "max-age=63072000; includeSubDomains"} if https else always
