from __future__ import annotations

import re

from fastapi import Request

_SECRET = re.compile(r"[A-Za-z0-9_-]{32,128}", re.ASCII)
"""What identity gives out; anything else in the cookie is nobody's session and is not even asked for."""


def cookie_name(*, https: bool) -> str:
    """The name identity gives the cookie; `__Host-` makes browsers insist that it came from here, over https."""
    return "__Host-espace" if https else "espace"


def login_cookie_name(*, https: bool) -> str:
    """The name of the cookie that binds a login to the browser it was begun in."""
    return "__Host-espace-login" if https else "espace-login"


def secret_in(request: Request, name: str) -> str | None:
    """What the browser sent in this cookie, if identity can have given it."""
    value = request.cookies.get(name, "")
    return value if _SECRET.fullmatch(value) else None
