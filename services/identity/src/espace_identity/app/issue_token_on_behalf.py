from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid5

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.issue_person_token import PersonToken
from espace_identity.app.ports import AccessLog, Clock, Persons, Signer
from espace_identity.app.represent import Represent
from espace_identity.app.use_session import UseSession
from espace_identity.domain.access import Access, AccessActor, AccessKind
from espace_identity.domain.mandate import NoMandate
from espace_identity.domain.session import Session
from espace_identity.domain.token import on_behalf_of


@dataclass(frozen=True, kw_only=True, slots=True)
class ActForSomebody:
    """What the gateway is asked to do for somebody else: one operation of one service."""

    represented: InsuredId
    service: str
    operation: str


class IssueTokenOnBehalf:
    """A token by which the person of a session does one thing for another. The access is written down before the token exists."""

    def __init__(
        self, *, use_session: UseSession, represent: Represent, persons: Persons, log: AccessLog, signer: Signer, clock: Clock
    ) -> None:
        self._use_session, self._represent, self._persons = use_session, represent, persons
        self._log, self._signer, self._clock = log, signer, clock

    async def __call__(self, secret: str, wish: ActForSomebody) -> PersonToken:
        """The token opens the one service that is asked for. Raises NoSession, NoMandate."""
        session = await self._use_session(secret)
        scopes = await self._represent(session.login.insured, wish.represented)
        if wish.service not in scopes:
            raise NoMandate
        await self._write_down(session, wish)
        claims = on_behalf_of(wish.represented, session, frozenset({wish.service}), self._clock())
        return PersonToken(token=self._signer.sign(claims), session=session.id, insured=wish.represented)

    async def _write_down(self, session: Session, wish: ActForSomebody) -> None:
        now, holder = self._clock(), session.login.insured
        person = await self._persons.on_file(holder)
        await self._log.append(
            Access(
                id=uuid5(session.id, f"{wish.represented}/{wish.service}/{wish.operation}/{now.isoformat()}"),
                insured=wish.represented, kind=AccessKind.BY_MANDATE, actor=AccessActor.MANDATE_HOLDER, at=now,
                holder=holder, name=person.name if person else None,
                details=(("service", wish.service), ("operation", wish.operation)),
            )
        )  # fmt: skip
