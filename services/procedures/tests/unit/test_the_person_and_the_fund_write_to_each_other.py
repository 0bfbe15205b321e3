from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from espace_contracts.vocabulary import InsuredId
from espace_kernel.outcomes import RetryLater
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import NoSuchProcedure
from espace_procedures.app.read_messages import NoSuchMessage
from espace_procedures.domain.conversation import MAX_CHARACTERS, MAX_WRITTEN
from espace_procedures.domain.decision import NotWithTheFund
from espace_procedures.domain.events import Answered, Written
from espace_procedures.domain.refusals import (
    AlreadyClosed,
    MessageEmpty,
    MessageTooLong,
    MessageUnreadable,
    NotForwardedYet,
    TooManyMessages,
)
from espace_procedures.domain.status import Actor

from .conftest import NOON, approval, correction


async def told(world, procedure, message=None, text="Bitte haben Sie Geduld."):
    await world.receive(procedure.id, world.insured, message or uuid4(), text, NOON)


async def test_a_message_reaches_the_fund_once_however_often_it_is_sent(world):
    procedure, request = await world.has_forwarded(), uuid4()
    for _ in range(2):
        conversation = await world.write(world.seen(procedure), request, "  Wann bekomme ich Antwort? ")
    [message] = conversation.messages
    assert (message.id, message.author, message.text, message.is_unread) == (request, Actor.PERSON, "Wann bekomme ich Antwort?", False)
    [written] = world.conversations.told
    assert isinstance(written, Written)
    assert (written.about.procedure, written.message, written.text, written.at) == (procedure.id, request, message.text, NOON)


async def test_a_message_leaves_the_version_of_the_procedure_as_it_is(world):
    procedure = await world.has_forwarded()
    await world.send_back(procedure.id, world.insured, correction())
    before = (await world.now(procedure)).version
    await world.write(world.seen(procedure), uuid4(), "Ich korrigiere es heute.")
    await told(world, procedure)
    assert (await world.now(procedure)).version == before


async def test_who_writes_on_behalf_of_a_person_is_named(world):
    procedure = await world.has_forwarded()
    conversation = await world.write(AsSeen(procedure.id, world.insured, actor=Actor.REPRESENTATIVE), uuid4(), "Für meine Mutter.")
    assert [message.author for message in conversation.messages] == [Actor.REPRESENTATIVE]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", MessageEmpty),
        (" \n ", MessageEmpty),
        ("x" * (MAX_CHARACTERS + 1), MessageTooLong),
        ("Hallo\x00", MessageUnreadable),
        ("Hallo \ud83d", MessageUnreadable),
    ],
    ids=["empty", "spaces", "too long", "NUL", "half a character"],
)
async def test_a_message_that_is_not_taken_says_why(world, text, refusal):
    procedure = await world.has_forwarded()
    with pytest.raises(refusal):
        await world.write(world.seen(procedure), uuid4(), text)
    assert world.conversations.kept == {}


async def test_a_message_is_in_any_script_with_pictures_and_on_several_lines(world):
    procedure = await world.has_forwarded()
    text = "\u0645\u0631\u062d\u0628\u0627 \U0001f600\n\tDanke"
    [message] = (await world.write(world.seen(procedure), uuid4(), text)).messages
    assert message.text == text


async def test_the_longest_message_is_taken(world):
    procedure = await world.has_forwarded()
    [message] = (await world.write(world.seen(procedure), uuid4(), "x" * MAX_CHARACTERS)).messages
    assert len(message.text) == MAX_CHARACTERS


async def test_a_person_writes_so_often_and_no_more_while_the_fund_may(world):
    procedure = await world.has_forwarded()
    for number in range(MAX_WRITTEN):
        await world.write(world.seen(procedure), uuid4(), f"Frage {number}")
    with pytest.raises(TooManyMessages):
        await world.write(world.seen(procedure), uuid4(), "Noch eine Frage")
    await told(world, procedure)
    assert len(world.conversations.kept[procedure.id].messages) == MAX_WRITTEN + 1


async def test_nobody_writes_about_a_draft_or_what_is_closed(world):
    procedure = await world.has_a_complete_draft()
    with pytest.raises(NotForwardedYet):
        await world.write(world.seen(procedure), uuid4(), "Hallo")
    await world.submits(procedure)
    await world.close(procedure.id, world.insured, approval())
    with pytest.raises(AlreadyClosed):
        await world.write(world.seen(procedure), uuid4(), "Danke")


async def test_two_messages_at_once_are_both_kept(world):
    procedure = await world.has_forwarded()
    first = await world.conversations.about(procedure)
    first.receive(procedure.about, uuid4(), "Zuerst.", NOON)
    world.conversations.before_next_save.append(first)
    conversation = await world.write(world.seen(procedure), uuid4(), "Dann.")
    assert [message.text for message in conversation.messages] == ["Zuerst.", "Dann."]


async def test_a_message_of_the_fund_waits_until_it_is_read_and_comes_once(world):
    procedure, message = await world.has_forwarded(), uuid4()
    for _ in range(2):
        await told(world, procedure, message)
    assert [type(event) for event in world.conversations.told] == [Answered]
    assert (await world.view(world.seen(procedure))).unread == 1
    world.later(timedelta(hours=1))
    await world.messages.up_to(world.seen(procedure), message)
    read_at = world.clock()
    world.later(timedelta(hours=1))
    await world.messages.up_to(world.seen(procedure), message)
    [kept] = (await world.messages(world.seen(procedure))).messages
    assert (kept.is_unread, kept.read_at) == (False, read_at)
    assert (await world.view(world.seen(procedure))).unread == 0


async def test_what_comes_after_the_message_that_was_read_still_waits(world):
    procedure, first = await world.has_forwarded(), uuid4()
    await told(world, procedure, first)
    late = await world.conversations.about(procedure)
    late.receive(procedure.about, uuid4(), "Und noch etwas.", NOON)
    world.conversations.before_next_save.append(late)
    await world.messages.up_to(world.seen(procedure), first)
    assert [message.is_unread for message in world.conversations.kept[procedure.id].messages] == [False, True]


async def test_the_fund_may_write_after_the_end_and_never_about_a_draft(world):
    procedure = await world.has_a_complete_draft()
    with pytest.raises(NotWithTheFund):
        await told(world, procedure)
    await world.submits(procedure)
    await world.close(procedure.id, world.insured, approval())
    await told(world, procedure)
    assert world.conversations.kept[procedure.id].unread == 1


async def test_a_message_about_a_procedure_not_stored_yet_is_tried_later(world):
    with pytest.raises(RetryLater):
        await world.receive(uuid4(), world.insured, uuid4(), "Zu früh.", NOON)


async def test_nobody_reads_or_writes_what_is_anothers(world):
    procedure = await world.has_forwarded()
    await told(world, procedure, message := uuid4())
    stranger = AsSeen(procedure.id, InsuredId(uuid4()))
    for step in (world.messages(stranger), world.messages.up_to(stranger, message), world.write(stranger, uuid4(), "Hallo")):
        with pytest.raises(NoSuchProcedure):
            await step
    with pytest.raises(NoSuchMessage):
        await world.messages.up_to(world.seen(procedure), uuid4())
