from __future__ import annotations

from collections.abc import Sequence

from prometheus_client import Counter

from espace_contracts.vocabulary import NoticeMeans
from espace_kernel.logs import logger
from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.ports import BouncedMail, Bounces, Clock, Contacts, Notices, Verdict
from espace_notifications.domain.mailing import MailingState

log = logger()

BOUNCED_MAIL = Counter("espace_bounced_mail_total", "What came back to the sender of notices, by what it was", ["outcome"])


class HearBounces:
    """Read what mail systems say, later, of notices that the mail server had taken. Each notice bounces once, however often it is said.

    A look takes some hundred messages, and the next goes on behind the last that was read, whatever came of that: so each has its turn,
    and none that has to wait keeps the others from theirs. The place is kept in memory alone; after a restart the turns begin with the
    first.
    """

    def __init__(self, bounces: Bounces, notices: Notices, contacts: Contacts, clock: Clock) -> None:
        self._bounces, self._notices, self._contacts, self._clock = bounces, notices, contacts, clock
        self._behind: str | None = None

    async def __call__(self) -> int:
        """Always 0: what comes back is no repair. What cannot be dealt with now is found again by a later look, and holds up no other.

        Anybody can send to where this is read, so what says nothing of a notice is told in one line a look, and kept within bounds.
        """
        set_aside = 0
        for mail in await self._whose_turn_it_is():
            self._behind = mail.key
            try:
                set_aside += not await self._hear(mail)
            except VersionConflict:  # another replica is at it
                continue
        if set_aside:
            log.warning("what came back is about no notice of ours, or cannot be read; it was moved aside", count=set_aside)
        if removed := await self._bounces.clear_aside(self._clock()):
            log.info("what had been moved aside was removed, the oldest first", count=removed)
        return 0

    async def _whose_turn_it_is(self) -> Sequence[BouncedMail]:
        return await self._bounces.waiting(self._behind) or await self._bounces.waiting(None)

    async def _hear(self, mail: BouncedMail) -> bool:
        """False when it was moved aside."""
        if mail.verdict is Verdict.MAY_PASS:
            await self._bounces.remove(mail)
            BOUNCED_MAIL.labels("may_pass").inc()
            return True
        notice = await self._notices.get(mail.notice) if mail.notice else None
        if mail.verdict is Verdict.UNREADABLE or notice is None or notice.means is not NoticeMeans.EMAIL:
            await self._bounces.set_aside(mail)
            BOUNCED_MAIL.labels("set_aside").inc()
            return False
        if notice.state is MailingState.WAITING:  # its try is not saved, or another one is to come: see what becomes of that first
            return True
        if notice.bounce(self._clock()):
            await self._contacts.bounced(notice)
            await self._notices.save(notice)
            log.error("a notice came back", mailing=str(notice.id), kind=notice.called)
        await self._bounces.remove(mail)
        BOUNCED_MAIL.labels("bounced").inc()
        return True
