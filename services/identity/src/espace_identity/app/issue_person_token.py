from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Clock, Signer
from espace_identity.app.see_session import SeeSession
from espace_identity.app.use_session import UseSession
from espace_identity.domain.token import for_the_person_of


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonToken:
    """A token, the session it comes from, and whose file it opens."""

    token: str
    session: UUID
    insured: InsuredId


class IssuePersonToken:
    """A token that stands for the person of a session, until the session is used again. Asking for one is using the session."""

    def __init__(self, use_session: UseSession, see_session: SeeSession, signer: Signer, clock: Clock) -> None:
        self._use_session, self._see_session, self._signer, self._clock = use_session, see_session, signer, clock

    async def __call__(self, secret: str, *, counts_as_use: bool = True) -> PersonToken:
        """Raises NoSession. A page that stays open and looks by itself does not count, or its person would never be logged out."""
        session = await (self._use_session if counts_as_use else self._see_session)(secret)
        token = self._signer.sign(for_the_person_of(session, self._clock()))
        return PersonToken(token=token, session=session.id, insured=session.login.insured)
