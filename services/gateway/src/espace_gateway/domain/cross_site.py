from __future__ import annotations

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def comes_from_another_site(method: str, fetch_site: str | None, origin: str | None, own_origin: str) -> bool:
    """Whether a page of another site makes this browser change something here. Reading is harmless: the other page cannot see the answer.

    Browsers say by Sec-Fetch-Site where a request comes from (Fetch Metadata, W3C): from this origin, or from nowhere (`none`: the person
    typed it). Older ones send Origin alone. What sends neither is no browser, so nobody else can make it send a cookie.
    """
    if method in _SAFE:
        return False
    if fetch_site is not None:
        return fetch_site not in ("same-origin", "none")
    return origin is not None and origin != own_origin
