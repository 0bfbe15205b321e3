from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.change_account import ChangeAccount
from espace_identity.app.ports import AccessLog, Clock, Sessions, Which
from espace_identity.crashpoints import SESSIONS_CLOSED
from espace_identity.domain.access import of_session_end
from espace_identity.domain.session import Session, SessionEnd
from espace_kernel.crashpoints import reach

AT_ONCE = 500
"""So many closed sessions are read in one go, however many there are."""
_WAITS = timedelta(seconds=10)
"""How long a closed session may wait for its end to be told before a sweeper tells it."""


class EndSessions:
    """End sessions before their time: they open nothing from that moment on. Then it is told and written down.

    Closing comes first and telling after it, so that a crash between the two leaves nobody logged in; what is left untold then stays marked
    and is told by the sweeper, at worst once more.
    """

    def __init__(self, sessions: Sessions, change_account: ChangeAccount, log: AccessLog, clock: Clock) -> None:
        self._sessions, self._change_account, self._log, self._clock = sessions, change_account, log, clock

    async def __call__(self, which: Which, why: SessionEnd) -> list[Session]:
        """Those that ended, which may be none."""
        ended = await self._sessions.end(which, self._clock(), why)
        reach(SESSIONS_CLOSED)
        await self._tell(ended)
        return ended

    async def tell_untold(self) -> int:
        """The sweeper's round: how many sessions were closed by a call that did not come to its end."""
        told = 0
        while untold := await self._sessions.ended_before(self._clock() - _WAITS, AT_ONCE):
            await self._tell(untold)
            told += len(untold)
        return told

    async def _tell(self, ended: Iterable[Session]) -> None:
        by_person: dict[InsuredId, list[Session]] = defaultdict(list)
        for session in ended:
            by_person[session.login.insured].append(session)
        for insured, sessions in by_person.items():
            await self._tell_of(insured, sessions)

    async def _tell_of(self, insured: InsuredId, sessions: Sequence[Session]) -> None:
        for session in sessions:
            await self._log.append(of_session_end(session))
        ids = tuple(session.id for session in sessions)
        at = max(session.ended_at or session.ends_at for session in sessions)
        await self._change_account(insured, lambda account: account.tell_closed(ids, at))
        await self._sessions.forget(sessions)
