from __future__ import annotations

from espace_identity.app.open_session import OpenSession
from espace_identity.app.ports import Clock, Persons
from espace_identity.domain.matricule import NotAMatricule, matricule_in
from espace_identity.domain.session import SUBSTANTIAL, Login, Session


class LoginRefused(Exception):
    """Nobody logs in with this. Why is not told, so that nobody learns who is on file."""


class LogInByMatricule:
    """The login of the demo: whoever knows a matricule is its person. It proves nothing, so only a demo may offer it."""

    def __init__(self, persons: Persons, open_session: OpenSession, clock: Clock) -> None:
        self._persons, self._open_session, self._clock = persons, open_session, clock

    async def __call__(self, typed: str, instead_of: str | None) -> tuple[str, Session]:
        """The new session and its secret; see OpenSession. Raises LoginRefused."""
        try:
            person = await self._persons.holder_of(matricule_in(typed))
        except NotAMatricule:
            raise LoginRefused from None
        if person is None:
            raise LoginRefused
        return await self._open_session(Login(insured=person.insured, acr=SUBSTANTIAL, at=self._clock()), instead_of)
