from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any
from uuid import uuid4

import pytest

from espace_contracts.event import declared_events
from espace_contracts.events import CallOffReason, LetterCalledOff, LetterFailed, LetterPosted, NoticeBounced, NoticeSent
from espace_contracts.golden import messages
from espace_contracts.vocabulary import DocumentId, DocumentType, InsuredId, LetterId, NoticeMeans, PrintRunId
from espace_kernel.envelope import attributes_of, receive
from espace_notifications.app.use_cases import UseCases
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.letter import CalledOff, CallOff, Failed, Failure, Letter, LetterState, Posted
from espace_notifications.domain.notice import Bounced, Notice, NoticeKind, Sent
from espace_notifications.events.incoming import subscriptions
from espace_notifications.events.outgoing import contract_of

from .world import NOON


@dataclass
class Asked:
    """Keeps what each use case was asked to do."""

    of: dict[str, list[Any]] = field(default_factory=dict)

    def use_cases(self) -> UseCases:
        return UseCases(**{each.name: self._keeping(each.name) for each in fields(UseCases)})

    def _keeping(self, name: str) -> Callable[..., Any]:
        async def keep(what: object = None) -> bool:
            self.of.setdefault(name, []).append(what)
            return True

        return keep


async def caused_by(name: str, times: int = 1, **changed: object) -> tuple[Any, dict[str, list[Any]]]:
    """The golden message as an event, perhaps with other data, and what it caused when it came so many times."""
    (message,) = [message for message in messages() if message.name == name]
    attributes = attributes_of((header, value.encode()) for header, value in message.headers.items())
    event = receive(declared_events()[attributes["type"]], attributes, message.value)
    event = replace(event, data=event.data.model_copy(update=changed))
    asked = Asked()
    for _ in range(times):
        await subscriptions.handlers[event.type][1](event, asked.use_cases())
    return event, asked.of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("lu.cns.espace.document.available.v1", NoticeKind.DOCUMENT_AVAILABLE),
        ("lu.cns.espace.document.unread.v1", NoticeKind.DOCUMENT_UNREAD),
        ("lu.cns.espace.procedure.to_be_corrected.v1", NoticeKind.PROCEDURE_TO_BE_CORRECTED),
        ("lu.cns.espace.procedure.message_received.v1", NoticeKind.MESSAGE_RECEIVED),
        ("lu.cns.espace.procedure.draft_expiring.v1", NoticeKind.DRAFT_EXPIRING),
        ("lu.cns.espace.preference.edelivery_changed.v1-on", NoticeKind.EDELIVERY_CHANGED),
        ("lu.cns.espace.preference.edelivery_changed.v1-off", NoticeKind.EDELIVERY_CHANGED),
    ],
)
async def test_an_event_causes_one_notice_in_the_persons_language(name, kind):
    event, asked = await caused_by(name, times=2)
    document, reminder = getattr(event.data, "document", None), getattr(event.data, "reminder", 0)
    expected = Notice(
        id=event.derived_id("notice"), insured=event.data.insured, kind=kind, locale=event.data.locale, requested_at=event.time,
        next_try_at=event.time, document=document, reminder=reminder,
    )  # fmt: skip
    assert asked == {"request_notice": [expected, expected]}


async def test_a_confirmed_address_is_kept():
    event, asked = await caused_by("lu.cns.espace.account.contact_confirmed.v1")
    assert asked == {"keep_contact": [Contact(event.data.insured, event.data.email, event.data.revision)]}


async def test_a_code_is_requested_for_the_address_that_the_person_gave():
    event, asked = await caused_by("lu.cns.espace.account.contact_code_requested.v1", times=2)
    wanted = event.data
    expected = ContactCode(
        id=event.derived_id("contact-code"), insured=wanted.insured, locale=wanted.locale, requested_at=event.time, next_try_at=event.time,
        challenge=wanted.challenge, address=wanted.email, expires_at=wanted.expires_at,
    )  # fmt: skip
    assert asked == {"request_contact_code": [expected, expected]}


async def test_of_the_receipt_of_a_submission_nobody_is_told():
    _, asked = await caused_by(
        "lu.cns.espace.document.available.v1", document_type=DocumentType.SUBMISSION_RECEIPT
    )  # fmt: skip
    assert asked == {}


@pytest.mark.parametrize("name", ["lu.cns.espace.account.mobile_confirmed.v1", "lu.cns.espace.account.mobile_confirmed.v1-removed"])
async def test_a_confirmed_number_is_kept_and_a_removed_one_too(name):
    event, asked = await caused_by(name)
    assert asked == {"keep_contact": [Contact(event.data.insured, event.data.mobile, event.data.revision, NoticeMeans.SMS)]}


async def test_a_code_is_requested_for_the_number_that_the_person_gave():
    event, asked = await caused_by("lu.cns.espace.account.mobile_code_requested.v1", times=2)
    wanted = event.data
    expected = ContactCode(
        id=event.derived_id("mobile-code"), insured=wanted.insured, locale=wanted.locale, requested_at=event.time, next_try_at=event.time,
        means=NoticeMeans.SMS, challenge=wanted.challenge, address=wanted.mobile, expires_at=wanted.expires_at,
    )  # fmt: skip
    assert asked == {"request_contact_code": [expected, expected]}


def test_what_became_of_a_notice_is_told_in_the_words_of_the_contract():
    insured, notice, document = InsuredId(uuid4()), uuid4(), DocumentId(uuid4())
    assert contract_of(Sent(insured, notice, document, NoticeMeans.SMS, 2, NOON)) == NoticeSent(
        insured=insured, notice=notice, document=document, means=NoticeMeans.SMS, reminder=2, sent_at=NOON
    )
    for about, reminder in ((document, 2), (None, 0)):
        assert contract_of(Bounced(insured, notice, about, NoticeMeans.EMAIL, reminder, 3, NOON)) == NoticeBounced(
            insured=insured, notice=notice, document=about, means=NoticeMeans.EMAIL, reminder=reminder, contact_revision=3, bounced_at=NOON
        )


async def test_a_requested_letter_is_queued_under_the_id_that_documents_gave_it():
    event, asked = await caused_by("lu.cns.espace.letter.requested.v1")
    (letter,) = asked["queue_letter"]
    assert isinstance(letter, Letter)
    assert (letter.id, letter.document, letter.insured) == (event.data.letter, event.data.document, event.data.insured)
    assert (letter.sha256, letter.size, letter.pages) == (event.data.pdf.sha256, event.data.pdf.size, event.data.pages)
    assert letter.state is LetterState.QUEUED


def test_what_became_of_a_letter_is_told_in_the_words_of_the_contract():
    insured, letter, document, run = InsuredId(uuid4()), LetterId(uuid4()), DocumentId(uuid4()), PrintRunId(uuid4())
    posted = contract_of(Posted(insured, letter, document, run, NOON))
    assert posted == LetterPosted(insured=insured, letter=letter, document=document, print_run=run, posted_at=NOON)
    for failure in Failure:
        failed = contract_of(Failed(insured, letter, document, failure))
        assert isinstance(failed, LetterFailed)
        assert (failed.letter, failed.reason.value) == (letter, failure.value)
    for why in CallOff:
        assert contract_of(CalledOff(insured, letter, document, why, NOON)) == LetterCalledOff(
            insured=insured, letter=letter, document=document, reason=CallOffReason(why.value), called_off_at=NOON
        )
