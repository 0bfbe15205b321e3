from __future__ import annotations

from espace_identity_provider.app.ports import Clock, Kept
from espace_identity_provider.domain.authorization import AuthorizationRequest, Grant, Refused
from espace_identity_provider.domain.issuer import Issuer
from espace_identity_provider.domain.login import Login


class AskForLogin:
    """A client asks who the person is. Whoever logged in here lately, and surely enough, is not asked again."""

    def __init__(self, sessions: Kept[Login], codes: Kept[Grant], clock: Clock) -> None:
        self._sessions, self._codes, self._clock = sessions, codes, clock

    def __call__(self, issuer: Issuer, request: AuthorizationRequest, cookie: str) -> str | None:
        """The code; None when the person must log in. Raises Refused when nobody may be asked."""
        login = self._sessions.get(cookie)
        if login is not None and login.issuer == issuer.url and request.is_met_by(login, self._clock()):
            return self._codes.keep(lambda _: Grant(request=request, login=login))
        if request.silent:
            raise Refused("login_required", "The person has to log in, and prompt=none forbids to ask.")
        return None
