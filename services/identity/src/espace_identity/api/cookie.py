from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response


@dataclass(frozen=True, slots=True)
class SessionCookie:
    """The one thing a browser keeps: the secret of its session. Scripts cannot read it, other sites cannot send it along.

    Over https its name makes the browser insist on Secure, Path=/ and no Domain (RFC 6265bis, `__Host-`). Without https, which is for this
    machine alone, no browser would keep such a cookie.
    """

    secure: bool

    @property
    def name(self) -> str:
        """The cookie's name."""
        return "__Host-espace" if self.secure else "espace"

    def read(self, request: Request) -> str | None:
        """The secret the browser sent."""
        return request.cookies.get(self.name)

    def give(self, response: Response, secret: str) -> None:
        """Have the browser keep the secret until it is closed; how long the session lives is decided here, not there."""
        response.set_cookie(self.name, secret, path="/", secure=self.secure, httponly=True, samesite="lax")

    def take_back(self, response: Response) -> None:
        """Have the browser forget the secret."""
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")
