from __future__ import annotations

import re

from fastapi import Request

_SECRET = re.compile(r"[A-Za-z0-9_-]{32,128}", re.ASCII)
"""What identity gives out; anything else in the cookie is nobody's session and is not even asked for."""


def cookie_name(*, https: bool) -> str:
    """The name identity gives the cookie; `__Host-` makes browsers insist that it came from here, over https."""
    return "__Host-espace" if https else "espace"


def session_in(request: Request, name: str) -> str | None:
    """The secret of the session, as the browser sent it."""
    value = request.cookies.get(name, "")
    return value if _SECRET.fullmatch(value) else None
