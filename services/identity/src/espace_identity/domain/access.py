"""Who looked at a person's data: entries that are added and never changed, each with an id that follows from its cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from espace_contracts.vocabulary import InsuredId
from espace_identity.domain.session import Session, SessionEnd


class AccessKind(StrEnum):
    """What kind of access it was."""

    LOGIN = "login"
    SESSION_END = "session_end"
    BY_MANDATE = "by_mandate"
    LETTER = "letter_printed"
    PROCEDURE = "procedure_received"
    IDENTITY_LINKED = "identity_linked"


class AccessActor(StrEnum):
    """Who it was."""

    SELF = "self"
    MANDATE_HOLDER = "mandate_holder"
    MAILING_SERVICE = "mailing_service"
    FUND = "fund"


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """One access to a person's file."""

    id: UUID
    insured: InsuredId
    kind: AccessKind
    actor: AccessActor
    at: datetime
    holder: InsuredId | None = None
    name: str | None = None
    """Of the holder of a mandate, as they were called then."""
    details: tuple[tuple[str, str], ...] = ()
    """What was opened: names and ids, never contents."""


def of_login(session: Session) -> Access:
    """A login of the person's own."""
    login = session.login
    return Access(
        id=uuid5(session.id, "login"), insured=login.insured, kind=AccessKind.LOGIN, actor=AccessActor.SELF, at=login.at,
        details=(("session", str(session.id)), ("provider", login.vouched.provider), ("acr", login.acr)),
    )  # fmt: skip


def of_session_end(session: Session) -> Access:
    """The end of a session, with its beginning."""
    login = session.login
    return Access(
        id=uuid5(session.id, "end"), insured=login.insured, kind=AccessKind.SESSION_END, actor=AccessActor.SELF,
        at=session.ended_at or session.ends_at,
        details=(
            ("session", str(session.id)), ("provider", login.vouched.provider), ("from", login.at.isoformat()),
            ("why", (session.ended_why or SessionEnd.EXPIRED).value),
        ),
    )  # fmt: skip
