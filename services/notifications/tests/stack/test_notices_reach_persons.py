from __future__ import annotations

import asyncio
import signal
from datetime import UTC, date, datetime, time, timedelta
from mailbox import Maildir
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from espace_contracts.event import Event
from espace_contracts.events import (
    DocumentAvailable,
    DocumentUnread,
    DraftExpiring,
    EdeliveryChanged,
    MessageReceived,
    MobileCodeRequested,
    NoticeBounced,
    NoticeSent,
    ProcedureToBeCorrected,
)
from espace_contracts.vocabulary import (
    ClaimCheck,
    DocumentId,
    DocumentType,
    Locale,
    MessageId,
    NoticeMeans,
    ProcedureId,
    ProcedureKind,
)
from espace_embedded.mail import failed_for_good
from espace_kernel.clock import utc_now

from .conftest import Person, Stage
from .neighbours import until

SUBJECTS = {
    Locale.FRENCH: "Un nouveau document se trouve dans votre eSpace",
    Locale.GERMAN: "Ein neues Dokument liegt in Ihrem eSpace",
    Locale.ENGLISH: "A new document is in your eSpace",
    Locale.LUXEMBOURGISH: "En neit Dokument läit an Ärem eSpace",
}


def a_document(person: Person, locale: Locale = Locale.ENGLISH) -> DocumentAvailable:
    return DocumentAvailable(
        insured=person.id, document=DocumentId(uuid4()), document_type=DocumentType.EHIC_REPLACEMENT_CERTIFICATE, locale=locale,
        pdf=ClaimCheck(sha256="a" * 64, size=1000, media_type="application/pdf"),
    )  # fmt: skip


def a_correction(person: Person) -> ProcedureToBeCorrected:
    return ProcedureToBeCorrected(
        insured=person.id, procedure=ProcedureId(uuid4()), kind=ProcedureKind.BANK_DETAILS_CHANGE, submission=1, locale=Locale.ENGLISH
    )


def a_message(person: Person) -> MessageReceived:
    return MessageReceived(
        insured=person.id, procedure=ProcedureId(uuid4()), kind=ProcedureKind.BANK_DETAILS_CHANGE, message=MessageId(uuid4()),
        locale=Locale.ENGLISH,
    )  # fmt: skip


def an_old_draft(person: Person) -> DraftExpiring:
    return DraftExpiring(
        insured=person.id, procedure=ProcedureId(uuid4()), kind=ProcedureKind.BANK_DETAILS_CHANGE, expires_on=date(2031, 7, 4),
        locale=Locale.ENGLISH,
    )  # fmt: skip


def a_switch(person: Person) -> EdeliveryChanged:
    return EdeliveryChanged(insured=person.id, revision=3, active=False, changed_at=utc_now(), locale=Locale.ENGLISH)


async def contact_is_known(stage: Stage, *persons: Person) -> None:
    """Contacts come by a topic of their own, so a test that needs them first waits for them."""
    await stage.tell(*[person.confirms() for person in persons])
    for person in persons:
        await until_contact(stage, person, 1)


async def until_contact(stage: Stage, person: Person, revision: int) -> dict:
    async def known() -> dict | None:
        return await stage.database["contacts"].find_one({"_id": person.id, "revision": revision})

    return await until(known)


@pytest.mark.parametrize("locale", Locale)
async def test_an_available_document_is_told_once_in_the_persons_language(stage, locale):
    person = Person()
    async with stage.service():
        await contact_is_known(stage, person)
        messages = await stage.tell(a_document(person, locale))
        await stage.mail.gets(person.email)
        await stage.send(*messages)
        await stage.tell(a_document(person, locale))  # comes after the repeat
        mails = await stage.mail.gets(person.email, count=2)
    assert [mail["Subject"] for mail in mails] == [SUBJECTS[locale]] * 2
    assert len({mail["Message-ID"] for mail in mails}) == 2, "the repeat sent nothing"
    (content_type,) = {mail.get_content_type() for mail in mails}
    assert content_type == "text/plain"
    assert {mail.get_content_charset() for mail in mails} == {"utf-8"}
    assert {mail["Content-Language"] for mail in mails} == {locale.value}


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        (a_document, "A new document is in your eSpace"),
        (a_correction, "A procedure needs your attention"),
        (a_message, "A message is in your eSpace"),
        (an_old_draft, "A draft in your eSpace will soon be deleted"),
        (a_switch, "The way you receive your documents was changed"),
    ],
)
async def test_a_notice_holds_no_name_no_number_no_subject_matter_and_no_link(stage, event, subject):
    person = Person()
    told: Event = event(person)
    async with stage.service():
        await contact_is_known(stage, person)
        await stage.send(*await stage.tell(told))
        await stage.mail.gets(person.email)
        notice = await stage.notice_of(person, "sent")
    (mail,) = stage.mail.mails_to(person.email)
    assert mail["Subject"] == subject
    assert mail["From"] == "noreply@espace.test"
    assert mail["To"] == person.email
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{notice['_id']}@espace.test>"
    assert mail["Date"].datetime.tzinfo is not None
    body = mail.get_content()
    assert not any(character.isdigit() for character in body)
    assert "://" not in body
    assert stage.mail.senders[person.email] == f"noreply+{notice['_id'].hex}@espace.test"
    everything = mail.as_string()
    for secret in (str(person.id), str(told.subject), "ehic", "bank", "a" * 64, "Muster"):
        assert secret not in everything.replace(person.email, "")


async def test_a_notice_goes_to_the_address_confirmed_last_however_late_an_older_one_comes(stage):
    person = Person()
    async with stage.service():
        await stage.tell(person.confirms(2, f"new.{person.email}"), person.confirms(1))
        await stage.tell(person.confirms(3, f"newest.{person.email}"), person.confirms(2, f"new.{person.email}"))
        await until_contact(stage, person, 3)
        await stage.tell(a_document(person))
        await stage.mail.gets(f"newest.{person.email}")
    assert stage.mail.mails_to(person.email) == stage.mail.mails_to(f"new.{person.email}") == []


async def test_a_notice_waits_while_the_mail_server_is_away(stage):
    person = Person()
    await stage.mail.go()
    async with stage.service() as http:
        await contact_is_known(stage, person)
        await stage.tell(a_document(person))
        notice = await tried(stage, person)
        assert notice["problem"].startswith("The mail server cannot be reached or broke off")
        assert person.email not in notice["problem"]
        assert (await http.get("/readyz")).status_code == 200
        await stage.mail.come()
        await stage.leases_end()
        await stage.notice_of(person, "sent")
    assert len(stage.mail.mails_to(person.email)) == 1


async def test_a_notice_that_the_mail_server_defers_is_tried_again_and_one_that_it_refuses_is_not(stage):
    deferred, refused = Person(), Person()
    stage.mail.refusals = {deferred.email: "451 Try again later", refused.email: f"550 There is no {refused.email}"}
    async with stage.service():
        await contact_is_known(stage, deferred, refused)
        await stage.tell(a_document(deferred), a_document(refused))
        failed = await stage.notice_of(refused, "failed")
        assert "SMTP 550" in failed["problem"]
        assert refused.email not in failed["problem"]
        assert "SMTP 451" in (await tried(stage, deferred))["problem"]
        stage.mail.refusals = {}
        await stage.leases_end()
        await stage.notice_of(deferred, "sent")
    assert (len(stage.mail.mails_to(deferred.email)), len(stage.mail.mails_to(refused.email))) == (1, 0)


async def test_an_address_where_nobody_reads_any_more_bounces_once_and_gets_nothing_until_it_is_confirmed_anew(stage):
    now, later = Person(), Person()
    stage.mail.gone = {now.email: f"550 5.1.1 <{now.email}> is unknown"}
    async with stage.service():
        await contact_is_known(stage, now, later)
        await stage.tell(a_document(now), a_document(later))
        refused, sent = await stage.notice_of(now, "bounced"), await stage.notice_of(later, "sent")
        notification = failed_for_good(stage.mail.senders[later.email], later.email)
        for _ in range(2):
            Maildir(stage.bounces).add(notification)
        returned = await stage.notice_of(later, "bounced")
        await until(lambda: _is_empty(stage.bounces))
        await stage.tell(a_document(now), a_document(later))
        for person in (now, later):
            assert person.email not in (await stage.notice_of(person, "unreachable"))["problem"]
        stage.mail.gone = {}
        await stage.tell(now.confirms(2), later.confirms(2))
        await stage.mail.gets(now.email)
        await stage.mail.gets(later.email, count=2)
    for notice, before in ((refused, []), (returned, [NoticeSent])):
        told = await stage.deliveries_of(notice["_id"])
        assert [type(event) for event in told] == [*before, NoticeBounced]
        assert (told[-1].contact_revision, told[-1].means, told[-1].document) == (1, NoticeMeans.EMAIL, notice["document"])
    assert sent["_id"] == returned["_id"]


async def _is_empty(folder: Path) -> bool:
    return len(Maildir(folder)) == 0


async def test_a_person_with_a_mobile_number_is_told_by_both_means_once_each(stage, capfd):
    person = Person()
    async with stage.service():
        await contact_is_known(stage, person)
        await stage.tell(person.confirms_mobile())
        await until(lambda: stage.database["mobiles"].find_one({"_id": person.id}))
        document = a_document(person, Locale.FRENCH)
        unread = DocumentUnread(
            insured=person.id, document=document.document, document_type=document.document_type, locale=Locale.FRENCH, reminder=1
        )
        await stage.send(*await stage.tell(document, unread))
        texts = await stage.texts_to(person, 2)
        await stage.mail.gets(person.email, count=2)
        await until(lambda: _sent(stage, person, 4))
        sent = [each["_id"] async for each in stage.database["notices"].find({"insured": person.id})]
    assert len(texts) == len(stage.mail.mails_to(person.email)) == 2
    usual = "Ouvrez votre eSpace comme d'habitude. Ce message ne contient aucun lien."
    assert sorted(texts) == [  # notices are sent side by side, so either may be first
        f"CNS : il se peut qu'un document dans votre eSpace ne soit pas encore lu. {usual}",
        f"CNS : un nouveau document se trouve dans votre eSpace. {usual}",
    ]
    told = [event for notice in sent for event in await stage.deliveries_of(notice)]
    assert sorted((event.means, event.reminder, event.document) for event in told) == sorted(
        (means, reminder, document.document) for means in NoticeMeans for reminder in (0, 1)
    )
    assert person.mobile.removeprefix("+") not in "".join(capfd.readouterr())


async def test_at_night_codes_and_e_mails_go_at_once_and_a_notice_by_text_message_in_the_morning(stage, monkeypatch):
    person, challenge, tomorrow = Person(), uuid4(), (utc_now() + timedelta(days=1)).date()
    night, morning = (datetime.combine(tomorrow, time(hour), ZoneInfo("Europe/Luxembourg")) for hour in (4, 8))
    now = [night]
    monkeypatch.setattr("espace_notifications.wiring.utc_now", lambda: now[-1].astimezone(UTC))
    stage.neighbours.codes[challenge] = "804217"
    code = MobileCodeRequested(
        insured=person.id, challenge=challenge, mobile=person.mobile, expires_at=night + timedelta(minutes=10), locale=Locale.GERMAN
    )
    async with stage.service(sms_at_night=False):
        await contact_is_known(stage, person)
        await stage.tell(person.confirms_mobile(), code)
        await until(lambda: stage.database["mobiles"].find_one({"_id": person.id}))
        assert "804217" in (await stage.texts_to(person, 1))[0]
        await stage.tell(a_document(person, Locale.GERMAN))
        by_email = await stage.notice_of(person, "sent")
        by_sms = await until(lambda: stage.database["notices"].find_one({"insured": person.id, "means": "sms", "next_try_at": morning}))
        assert (by_sms["state"], by_sms["attempts"]) == ("waiting", 0)
        assert len(await stage.texts_to(person, 1)) == 1, "the code alone"
        now.append(morning)
        assert "Ein neues Dokument liegt in Ihrem eSpace" in (await stage.texts_to(person, 2))[1]
        await until(lambda: _sent(stage, person, 2))
    for notice, at in ((by_email, night), (by_sms, morning)):
        assert [event.sent_at for event in await stage.deliveries_of(notice["_id"])] == [at]


async def _sent(stage: Stage, person: Person, count: int) -> bool:
    told = {"insured": person.id, "state": "sent", "outbox.0": {"$exists": False}}
    return await stage.database["notices"].count_documents(told) == count


async def test_a_person_without_a_contact_address_gets_no_notice_until_one_is_confirmed(stage):
    person = Person()
    async with stage.service():
        await stage.tell(a_document(person))
        assert (await stage.notice_of(person, "no_contact"))["problem"] == "The person has confirmed no contact address."
        await stage.send(*await stage.tell(person.confirms()))
        await stage.notice_of(person, "sent")
        contact = await until_contact(stage, person, 1)
    assert len(stage.mail.mails_to(person.email)) == 1
    assert contact["waiting"] == []


async def test_notices_and_the_contact_they_wait_for_may_come_at_once(stage):
    persons = [Person() for _ in range(10)]
    async with stage.service():
        await asyncio.gather(
            *(stage.tell(event) for person in persons for event in (a_document(person), a_switch(person), person.confirms()))
        )
        await stage.tell(*(a_message(person) for person in persons))
        for person in persons:
            await stage.mail.gets(person.email, count=3)
    assert {len(stage.mail.mails_to(person.email)) for person in persons} == {3}


async def test_a_contact_that_is_no_address_becomes_a_dead_letter_and_the_rest_flows_on(stage):
    person = Person()
    async with stage.service():
        (message,) = await stage.tell(person.confirms(1, "no address"))
        await stage.tell(person.confirms(2))
        await until_contact(stage, person, 2)
    (letter,) = [each async for each in stage.database["dead_letters"].find({"key": message.key})]
    assert letter["reason"] == "never_works"
    assert "no address" not in letter["sentence"].replace("is none that mail", "")


async def test_a_service_killed_after_the_mail_server_took_a_notice_sends_it_again_under_the_same_message_id(stage):
    person = Person()
    await stage.tell(person.confirms())
    async with stage.process():
        await until_contact(stage, person, 1)
    await stage.tell(a_document(person))
    async with stage.process("notifications.after_mail_sent") as dying:
        assert await dying.wait() == -signal.SIGKILL
    assert len(stage.mail.mails_to(person.email)) == 1
    await stage.leases_end()
    async with stage.process():
        await stage.notice_of(person, "sent")
    mails = stage.mail.mails_to(person.email)
    assert len(mails) == 2
    assert len({mail["Message-ID"] for mail in mails}) == 1


async def tried(stage: Stage, person: Person) -> dict:
    """The person's notice after a try that did not succeed."""

    async def there() -> dict | None:
        return await stage.database["notices"].find_one({"insured": person.id, "state": "waiting", "problem": {"$exists": True}})

    return await until(there)
