from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import Which
from espace_identity.domain.session import AtProvider, Login, Session, SessionEnd
from espace_kernel.store import Collection, Document

_OPEN: Document = {"ended_at": {"$exists": False}}


class StoredSessions:
    """The sessions, under the fingerprint of their secret; the secret itself is never stored."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._collection.create_index("session", unique=True)
        for name in ("insured", "ends_at", "ended_at"):
            await self._collection.create_index(name)

    async def add(self, fingerprint: str, session: Session) -> None:
        """As the port says."""
        await self._collection.insert_one({"_id": fingerprint, **_state(session)})

    async def get(self, fingerprint: str) -> Session | None:
        """As the port says."""
        document = await self._collection.find_one({"_id": fingerprint})
        return None if document is None else _session(document)

    async def of(self, insured: InsuredId) -> list[Session]:
        """As the port says."""
        return await self._found({"insured": insured})

    async def use(self, fingerprint: str, session: Session) -> bool:
        """As the port says. Of two uses at once the later moment stays."""
        moments = {"seen_at": session.seen_at, "ends_at": session.ends_at}
        result = await self._collection.update_one({"_id": fingerprint, **_OPEN}, {"$max": moments})
        return result.matched_count == 1

    async def end(self, which: Which, at: datetime, why: SessionEnd) -> list[Session]:
        """As the port says. One by one, so that of two callers only one ends a session."""
        ended = {"ended_at": at, "ended_why": why.value}
        ending = []
        async for found in self._collection.find({**_query(which), **_OPEN, "ends_at": {"$gt": at}}):
            closed = await self._collection.find_one_and_update({"_id": found["_id"], **_OPEN}, {"$set": ended})
            if closed is not None:
                ending.append(_session({**closed, **ended}))
        return ending

    async def ended_before(self, at: datetime, limit: int) -> list[Session]:
        """As the port says."""
        return await self._found({"ended_at": {"$lt": at}}, limit)

    async def expired_before(self, at: datetime, limit: int) -> list[Session]:
        """As the port says."""
        return await self._found({"ends_at": {"$lte": at}, **_OPEN}, limit)

    async def forget(self, sessions: Sequence[Session]) -> None:
        """As the port says."""
        for session in sessions:
            await self._collection.delete_one({"session": session.id})

    async def _found(self, query: Document, limit: int = 0) -> list[Session]:
        return [_session(document) async for document in self._collection.find(query, limit=limit)]


def _query(which: Which) -> Document:
    wanted = {
        "_id": which.fingerprint, "insured": which.insured, "session": which.session,
        "provider": which.provider, "subject": which.subject, "sid": which.sid,
    }  # fmt: skip
    query = {name: value for name, value in wanted.items() if value is not None}
    if not query:
        raise ValueError("Say which sessions are to end.")
    return query


def _state(session: Session) -> Document:
    login = session.login
    state = {
        "session": session.id,
        "insured": login.insured,
        "acr": login.acr,
        "logged_in_at": login.at,
        "authenticated_at": login.authenticated_at,
        "provider": login.vouched.provider,
        "subject": login.vouched.subject,
        "sid": login.vouched.sid,
        "seen_at": session.seen_at,
        "ends_at": session.ends_at,
    }
    return {name: value for name, value in state.items() if value is not None}


def _session(document: Document) -> Session:
    login = Login(
        insured=document["insured"],
        acr=document["acr"],
        at=document["logged_in_at"],
        authenticated_at=document["authenticated_at"],
        vouched=AtProvider(provider=document["provider"], subject=document["subject"], sid=document.get("sid")),
    )
    return Session(
        id=document["session"],
        login=login,
        seen_at=document["seen_at"],
        ended_at=document.get("ended_at"),
        ended_why=SessionEnd(document["ended_why"]) if "ended_why" in document else None,
    )
