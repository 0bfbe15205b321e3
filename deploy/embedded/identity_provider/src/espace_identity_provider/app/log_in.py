from __future__ import annotations

from espace_identity_provider.app.ports import Clock, Kept
from espace_identity_provider.domain.authorization import AuthorizationRequest, Grant
from espace_identity_provider.domain.issuer import Issuer
from espace_identity_provider.domain.login import Choice, Login, fingerprint


class LogIn:
    """The person has said who they are, and is believed."""

    def __init__(self, sessions: Kept[Login], codes: Kept[Grant], clock: Clock) -> None:
        self._sessions, self._codes, self._clock = sessions, codes, clock

    def __call__(self, issuer: Issuer, request: AuthorizationRequest, choice: Choice, cookie: str) -> tuple[str, str]:
        """The code and the cookie of the new session here, in whose place the browser's earlier one ends."""
        now = self._clock()

        def login(secret: str) -> Login:
            return Login(session=fingerprint(secret), issuer=issuer.url, person=choice.person, level=choice.level, card=choice.card, at=now)

        self._sessions.take(cookie)
        secret = self._sessions.keep(login)
        code = self._codes.keep(lambda _: Grant(request=request, login=login(secret)))
        return code, secret
