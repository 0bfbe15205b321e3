from __future__ import annotations

from espace_identity.domain.session import Login, Session
from espace_kernel.store import Collection, Document


class StoredSessions:
    """The sessions, under the fingerprint of their secret; the secret itself is never stored."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def prepare(self) -> None:
        """Make the index by which sessions that are over are found."""
        await self._collection.create_index("ends_at")

    async def add(self, fingerprint: str, session: Session) -> None:
        """As the port says; each login drops the sessions that were over by then."""
        await self._collection.delete_many({"ends_at": {"$lte": session.login.at}})
        await self._collection.insert_one({"_id": fingerprint, **_state(session)})

    async def get(self, fingerprint: str) -> Session | None:
        """As the port says."""
        document = await self._collection.find_one({"_id": fingerprint})
        return None if document is None else _session(document)

    async def use(self, fingerprint: str, session: Session) -> bool:
        """As the port says. Of two uses at once the later moment stays."""
        moments = {"seen_at": session.seen_at, "ends_at": session.ends_at}
        result = await self._collection.update_one({"_id": fingerprint}, {"$max": moments})
        return result.matched_count == 1

    async def remove(self, fingerprint: str) -> None:
        """As the port says."""
        await self._collection.delete_one({"_id": fingerprint})


def _state(session: Session) -> Document:
    return {
        "session": session.id,
        "insured": session.login.insured,
        "acr": session.login.acr,
        "logged_in_at": session.login.at,
        "seen_at": session.seen_at,
        "ends_at": session.ends_at,
    }


def _session(document: Document) -> Session:
    login = Login(insured=document["insured"], acr=document["acr"], at=document["logged_in_at"])
    return Session(id=document["session"], login=login, seen_at=document["seen_at"])
