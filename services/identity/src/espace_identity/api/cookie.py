from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from fastapi import Request, Response

from espace_identity.domain.link import LINKING_LASTS


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """The one thing a browser keeps: the secret of its session. Scripts cannot read it, other sites cannot send it along.

    Over https its name makes the browser insist on Secure, Path=/ and no Domain (RFC 6265bis, `__Host-`). Without https, which is for this
    machine alone, no browser would keep such a cookie.
    """

    secure: bool

    plain_name: ClassVar[str] = "espace"
    lasts: ClassVar[timedelta | None] = None
    """None: until the browser is closed; how long a session lives is decided here, not there."""

    @property
    def name(self) -> str:
        """The cookie's name."""
        return f"__Host-{self.plain_name}" if self.secure else self.plain_name

    def read(self, request: Request) -> str | None:
        """The secret the browser sent."""
        return request.cookies.get(self.name)

    def give(self, response: Response, secret: str) -> None:
        """Have the browser keep the secret."""
        seconds = int(self.lasts.total_seconds()) if self.lasts else None
        response.set_cookie(self.name, secret, max_age=seconds, path="/", secure=self.secure, httponly=True, samesite="lax")

    def take_back(self, response: Response) -> None:
        """Have the browser forget the secret."""
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")


class LoginCookie(SessionCookie):
    """Binds a login under way to the browser that began it, and then a foreign identity to the browser that is to link it."""

    __slots__ = ()

    plain_name = "espace-login"
    lasts = LINKING_LASTS
