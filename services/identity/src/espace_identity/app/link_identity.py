from __future__ import annotations

from uuid import uuid5

from espace_identity.app.change_account import ChangeAccount
from espace_identity.app.finish_login import LoggedIn, login_of
from espace_identity.app.open_session import OpenSession
from espace_identity.app.ports import AccessLog, Clock, IdentityTaken, Linkings, Persons
from espace_identity.app.recognise_person import living
from espace_identity.domain.access import Access, AccessActor, AccessKind
from espace_identity.domain.link import Linking, LinkingLimit, LinkRefused, NoLinking, must_match
from espace_identity.domain.matricule import matricule_in
from espace_identity.domain.person import Person
from espace_identity.domain.secret import fingerprint_of


class LinkIdentity:
    """Link a verified foreign identity to the person on file whose matricule they give, and log them in.

    The file must say the same name and date of birth as the provider. Each foreign identity has few tries a day, so that nobody finds
    a namesake by trying. The identity that opened this eSpace before opens it no more.
    """

    def __init__(
        self,
        *,
        linkings: Linkings,
        persons: Persons,
        change_account: ChangeAccount,
        open_session: OpenSession,
        log: AccessLog,
        clock: Clock,
    ) -> None:
        self._linkings, self._persons, self._change_account = linkings, persons, change_account
        self._open_session, self._log, self._clock = open_session, log, clock

    async def __call__(self, secret: str | None, typed: str, instead_of: str | None) -> LoggedIn:
        """Raises NoLinking, NotAMatricule (which costs no try), LinkingLimit, LinkRefused, and LoginRefused for a person who has died."""
        fingerprint = fingerprint_of(secret or "")
        linking = await self._linkings.get(fingerprint)
        if linking is None or linking.vouched.foreign is None or self._clock() >= linking.ends_at:
            raise NoLinking
        matricule = matricule_in(typed)
        identifier = linking.vouched.foreign.identifier
        if not await self._linkings.spend_try(identifier, self._clock()):
            raise LinkingLimit
        person = living(must_match(linking.vouched, await self._persons.holder_of(matricule)))
        await self._link(person, identifier, linking)
        await self._linkings.remove(fingerprint)
        opened, session = await self._open_session(login_of(person, linking.vouched, self._clock), instead_of)
        return LoggedIn(secret=opened, session=session, return_to=linking.return_to)

    async def _link(self, person: Person, identifier: str, linking: Linking) -> None:
        now = self._clock()
        try:
            await self._change_account(person.insured, lambda account: account.link_to(identifier, now))
        except IdentityTaken:
            raise LinkRefused from None
        await self._log.append(
            Access(
                id=uuid5(person.insured, f"{identifier}/{linking.began_at.isoformat()}"), insured=person.insured,
                kind=AccessKind.IDENTITY_LINKED, actor=AccessActor.SELF, at=now,
                details=(("provider", linking.vouched.at_provider.provider), ("country", identifier[:2])),
            )
        )  # fmt: skip
