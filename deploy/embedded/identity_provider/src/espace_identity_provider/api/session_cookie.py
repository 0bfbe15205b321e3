from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response


@dataclass(frozen=True)
class SessionCookie:
    """What a browser keeps of its session at a provider. Ports of one host share cookies, so its name is unlike the eSpace's."""

    provider: str

    @property
    def _name(self) -> str:
        return f"identity-provider-{self.provider}"

    def read(self, request: Request) -> str:
        """The secret the browser sent; empty where it sent none."""
        return request.cookies.get(self._name, "")

    def give(self, response: Response, secret: str) -> None:
        """Have the browser keep the secret until it is closed."""
        response.set_cookie(self._name, secret, path=f"/{self.provider}", httponly=True, samesite="lax")

    def take_back(self, response: Response) -> None:
        """Have the browser forget the secret."""
        response.delete_cookie(self._name, path=f"/{self.provider}", httponly=True, samesite="lax")
