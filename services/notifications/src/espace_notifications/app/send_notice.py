from __future__ import annotations

from uuid import UUID

from espace_kernel.crashpoints import reach
from espace_kernel.logs import logger
from espace_notifications.app.ports import Clock, Contacts, Mail, MailAway, MailRefused, Notices
from espace_notifications.domain.notice import Notice, NoticeState

log = logger()


class SendNotice:
    """Try a notice once.

    A claim with a lease keeps two replicas from trying the same notice at once. SMTP itself cannot be asked whether it took a message: when
    the process dies, or the store is away, after the server's 250 and before that is saved, the message is sent a second time. It then
    carries the same Message-ID, by which mail systems recognise it; whether the person's does so is not in our hands.
    """

    def __init__(self, notices: Notices, contacts: Contacts, mail: Mail, clock: Clock) -> None:
        self._notices, self._contacts, self._mail, self._clock = notices, contacts, mail, clock

    async def __call__(self, notice_id: UUID) -> None:
        """Raises VersionConflict when another replica was faster."""
        notice = await self._notices.get(notice_id)
        if notice is None or not notice.due(self._clock()):
            return
        notice.begin(self._clock())
        await self._notices.save(notice)
        if notice.state is NoticeState.WAITING:
            await self._try(notice)
            await self._notices.save(notice)
        self._tell(notice)

    async def _try(self, notice: Notice) -> None:
        address = await self._contacts.address_of(notice.insured)
        if address is None:
            notice.lacks_contact(self._clock())
            return
        try:
            await self._mail.send(notice, address)
        except MailRefused as refused:
            notice.fail(str(refused))
        except MailAway as away:
            notice.put_off(str(away), self._clock())
        else:
            reach("notifications.after_mail_sent")
            notice.has_gone(self._clock())

    def _tell(self, notice: Notice) -> None:
        match notice.state:
            case NoticeState.SENT | NoticeState.NO_CONTACT:
                say = log.info
            case NoticeState.WAITING:
                say = log.warning
            case NoticeState.FAILED:
                say = log.error
        say("a notice was tried", notice=str(notice.id), kind=notice.kind, outcome=notice.state, attempt=notice.attempts,
            reason=notice.problem)  # fmt: skip
