from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar
from uuid import UUID

from espace_kernel.crashpoints import reach
from espace_kernel.logs import logger
from espace_notifications.app.ports import CarrierAway, Clock, MessageRefused, Repository, SourceAway
from espace_notifications.domain.mailing import Mailing, MailingState
from espace_notifications.domain.quiet_hours import Hours

log = logger()
M = TypeVar("M", bound=Mailing)


class SendMailing(Generic[M]):
    """Try a message once. `hand_over` gives it to whoever carries it, or ends it because it is not to go; at an hour that is not for it, it
    is put off to one that is.

    A claim with a lease keeps two replicas from trying the same message at once. SMTP itself cannot be asked whether it took a message:
    when the process dies, or the store is away, after the server's 250 and before that is saved, the message is sent a second time. It then
    carries the same Message-ID, by which mail systems recognise it; whether the person's does so is not in our hands. A gateway of text
    messages is told the same key, by which it sends no second one.
    """

    def __init__(self, mailings: Repository[M], hand_over: Callable[[M], Awaitable[None]], clock: Clock, hours: Hours) -> None:
        self._mailings, self._hand_over, self._clock, self._hours = mailings, hand_over, clock, hours

    async def __call__(self, mailing_id: UUID) -> None:
        """Raises VersionConflict when another replica was faster."""
        mailing = await self._mailings.get(mailing_id)
        now = self._clock()
        if mailing is None or not mailing.due(now):
            return
        if (hour := self._hours(mailing.means, now)) > now:
            mailing.wait_until(hour)
            await self._mailings.save(mailing)
            return
        mailing.begin(now)
        await self._mailings.save(mailing)
        if mailing.state is MailingState.WAITING:
            await self._try(mailing)
            await self._mailings.save(mailing)
        self._tell(mailing)

    async def _try(self, mailing: M) -> None:
        try:
            await self._hand_over(mailing)
        except MessageRefused as refused:
            mailing.fail(str(refused))
        except (CarrierAway, SourceAway) as away:
            mailing.put_off(str(away), self._clock())
        else:
            if mailing.state is MailingState.WAITING:
                reach("notifications.after_mail_sent")
                mailing.has_gone(self._clock())

    def _tell(self, mailing: M) -> None:
        match mailing.state:
            case MailingState.SENT | MailingState.NO_CONTACT | MailingState.UNREACHABLE | MailingState.EXPIRED:
                say = log.info
            case MailingState.WAITING:
                say = log.warning
            case MailingState.FAILED | MailingState.BOUNCED:
                say = log.error
        say("a message was tried", mailing=str(mailing.id), kind=mailing.called, means=mailing.means, outcome=mailing.state,
            attempt=mailing.attempts, reason=mailing.problem)  # fmt: skip
