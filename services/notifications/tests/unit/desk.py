"""Notices in memory: contacts that keep the promises of the port, carriers that take, put off or refuse, and the use cases over them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from espace_contracts.vocabulary import DocumentId, InsuredId, Locale, NoticeMeans
from espace_notifications.app.hand_over_notice import HandOverNotice
from espace_notifications.app.hear_bounces import HearBounces
from espace_notifications.app.keep_contact import KeepContact
from espace_notifications.app.ports import BouncedMail
from espace_notifications.app.request_notice import RequestNotice
from espace_notifications.app.send_mailing import SendMailing
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.mailing import MailingState
from espace_notifications.domain.notice import Notice, NoticeKind
from espace_notifications.domain.quiet_hours import outside_quiet_hours

from .world import IDS, NOON, Clock, Store, step

PERSON = InsuredId(uuid5(IDS, "person"))
ADDRESS, NUMBER = "someone@example.test", "+352621123456"
DOCUMENT = DocumentId(uuid5(IDS, "document"))
Key = tuple[InsuredId, NoticeMeans]


@dataclass
class Contacts:
    kept: dict[Key, Contact] = field(default_factory=lambda: {(PERSON, NoticeMeans.EMAIL): Contact(PERSON, ADDRESS, 1)})
    waiting: dict[Key, list[UUID]] = field(default_factory=dict)

    async def keep(self, contact: Contact) -> None:
        await step()
        known = self.kept.get((contact.insured, contact.means))
        if known is None or known.revision < contact.revision:
            self.kept[contact.insured, contact.means] = contact
        await step()

    async def has_mobile(self, insured: InsuredId) -> bool:
        await step()
        return (insured, NoticeMeans.SMS) in self.kept

    async def contact_for(self, notice: Notice) -> Contact | None:
        await step()
        key = notice.insured, notice.means
        contact = self.kept.get(key)
        if contact is None or contact.address is None or contact.bounced_by not in {None, notice.id}:
            self.waiting.setdefault(key, []).append(notice.id)
        await step()
        return contact

    async def bounced(self, notice: Notice) -> None:
        await step()
        contact = self.kept[notice.insured, notice.means]
        if contact.revision == notice.contact_revision and contact.bounced_by is None:
            self.kept[notice.insured, notice.means] = replace(contact, bounced_by=notice.id)
        await step()

    async def waiting_for(self, insured: InsuredId, means: NoticeMeans) -> list[UUID]:
        await step()
        return list(self.waiting.get((insured, means), []))

    async def no_longer_waits(self, insured: InsuredId, means: NoticeMeans, notice: UUID) -> None:
        await step()
        self.waiting[insured, means] = [each for each in self.waiting[insured, means] if each != notice]
        await step()


@dataclass
class Carrier:
    """A mail server, or a gateway; `answers` are what it raises, one a try, and then it takes what comes."""

    answers: list[Exception] = field(default_factory=list)
    taken: list[tuple[UUID, str]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    async def notice(self, notice: Notice, address: str) -> None:
        await self._take(notice.id, address)

    async def contact_code(self, mailing: ContactCode, address: str, code: str) -> None:
        await self._take(mailing.id, address)
        self.codes.append(code)

    async def _take(self, message: UUID, address: str) -> None:
        await step()
        if self.answers:
            raise self.answers.pop(0)
        self.taken.append((message, address))
        await step()


@dataclass
class Returned:
    """What came back."""

    lying: list[BouncedMail] = field(default_factory=list)
    aside: list[BouncedMail] = field(default_factory=list)
    aside_at_most: int = 1000

    async def waiting(self, behind: str | None) -> list[BouncedMail]:
        await step()
        return [mail for mail in self.lying if behind is None or mail.key > behind]

    async def remove(self, mail: BouncedMail) -> None:
        await step()
        self.lying.remove(mail)

    async def set_aside(self, mail: BouncedMail) -> None:
        await self.remove(mail)
        self.aside.append(mail)

    async def clear_aside(self, now: datetime) -> int:
        await step()
        too_many = max(0, len(self.aside) - self.aside_at_most)
        del self.aside[:too_many]
        return too_many


class Desk:
    def __init__(self) -> None:
        self.clock, self.notices, self.contacts = Clock(), Store[Notice](), Contacts()
        self.server, self.gateway, self.returned = Carrier(), Carrier(), Returned()
        carriers = {NoticeMeans.EMAIL: self.server, NoticeMeans.SMS: self.gateway}
        self.woken: list[UUID] = []
        self.request = RequestNotice(self.notices, self.contacts.has_mobile, self.woken.append)
        self.send = SendMailing(self.notices, HandOverNotice(self.contacts, carriers, self.clock), self.clock, outside_quiet_hours)
        self.confirm = KeepContact(self.contacts, self.notices, self.woken.append, self.clock)
        self.hear = HearBounces(self.returned, self.notices, self.contacts, self.clock)

    async def requested(self, name: str = "notice", document: DocumentId | None = DOCUMENT) -> Notice:
        notice = Notice(
            id=uuid5(IDS, name), insured=PERSON, kind=NoticeKind.DOCUMENT_AVAILABLE, locale=Locale.GERMAN, requested_at=self.clock.now,
            next_try_at=self.clock.now, document=document,
        )  # fmt: skip
        await self.request(notice)
        return notice

    async def sent(self, name: str = "notice") -> Notice:
        notice = await self.requested(name)
        await self.send(notice.id)
        return notice

    def kept(self, notice: Notice) -> Notice:
        return self.notices.kept[notice.id]

    async def tried_whenever_due(self, notice: Notice) -> list[float]:
        """Try until nothing more is to be tried; the minutes between the tries."""
        waits = []
        while self.kept(notice).state is MailingState.WAITING:
            await self.send(notice.id)
            waits.append((self.kept(notice).next_try_at - self.clock.now).total_seconds() / 60)
            self.clock.now = max(self.clock.now, self.kept(notice).next_try_at)
        return waits[:-1]


__all__ = ["ADDRESS", "DOCUMENT", "NOON", "NUMBER", "PERSON", "Desk"]
