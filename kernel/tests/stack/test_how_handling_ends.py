from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaConnectionError
from pymongo.errors import AutoReconnect

import espace_kernel.consumer
from espace_kernel.dead_letters import ORIGIN
from espace_kernel.outcomes import NeverWorks, RetryLater

from .conftest import NOTES, Notebook, NoteUnread, alive


def cloudevent(**changes: str | None) -> list[tuple[str, bytes]]:
    attributes = {
        "ce_specversion": "1.0", "ce_id": str(uuid4()), "ce_source": "/test", "ce_type": "test.note.written.v1",
        "ce_time": "2026-11-24T10:00:00.000Z", "ce_subject": str(uuid4()),
    } | changes  # fmt: skip
    return [(name, value.encode()) for name, value in attributes.items() if value is not None]


async def eventually(look: Callable[[], Awaitable[Any]]) -> Any:
    """What `look` finds, as soon as it finds something."""
    async with asyncio.timeout(30):
        while not (found := await look()):
            await asyncio.sleep(0.02)  # the store has no way to tell
    return found


async def waiting(service: Notebook, saying: str) -> dict[str, Any]:
    """The one dead letter that says this; the topic holds other tests' messages too."""

    async def look() -> list[dict[str, Any]]:
        return [letter for letter in await service.kernel.dead_letters(service.kernel.name).waiting() if letter["sentence"] == saying]

    (letter,) = await eventually(look)
    return letter


async def test_a_broker_that_goes_away_while_a_group_is_joined_is_waited_for(notebook, monkeypatch):
    """aiokafka refuses a second start of a client that had come as far as that: each try has a client of its own."""
    interrupted = []

    class InterruptedOnce(AIOKafkaConsumer):
        async def start(self) -> None:
            await super().start()
            if not interrupted:
                interrupted.append(self)
                raise KafkaConnectionError("the broker went away")

    monkeypatch.setattr(espace_kernel.consumer, "AIOKafkaConsumer", InterruptedOnce)
    service = notebook()
    async with alive(service):
        await service.written("after all")
        await service.handled.until(lambda events: "after all" in [e.data.text for e in events])
    assert len(interrupted) == 1


async def test_retry_later_is_tried_again_until_it_works(notebook):
    service = notebook()
    tries = 0

    async def fails_twice(event):
        nonlocal tries
        if event.data.text == "patience":
            tries += 1
            if tries <= 2:
                raise RetryLater("not there yet")

    service.handled.act = fails_twice
    async with alive(service):
        await service.written("patience")
        await service.handled.until(lambda events: "patience" in [e.data.text for e in events])
    assert tries == 3


async def test_retries_are_bounded_and_end_as_a_dead_letter_that_says_why(notebook, wire):
    service = notebook()

    async def never_there(event):
        if event.data.text == "hopeless":
            raise RetryLater("The recipient is not known yet.")

    service.handled.act = never_there
    async with alive(service, ladder=(0.01, 0.01)):
        note = await service.written("hopeless")
        letter = await waiting(service, "The recipient is not known yet.")
        assert (letter["reason"], letter["attempts"]) == ("retries_exhausted", 3)
        assert letter["sentence"] == "The recipient is not known yet."
        (told,) = await wire.messages(f"{service.kernel.name}-dlt", lambda _: True, count=1)
    headers = {name: value.decode() for name, value in told.headers}
    assert headers["ce_subject"] == str(note.id)
    assert headers[ORIGIN].startswith(f"{NOTES.name}:")
    assert (headers["espace-reason"], headers["espace-attempts"]) == ("retries_exhausted", "3")
    assert json.loads(told.value)["text"] == "hopeless"


async def test_one_bad_message_delays_its_own_person_only(notebook):
    service = notebook()
    release = asyncio.Event()
    blocked, free = uuid4(), uuid4()

    async def block(event):
        if event.data.insured == blocked and not release.is_set():
            raise RetryLater("not yet")

    service.handled.act = block
    async with alive(service, ladder=(0.05,) * 200):
        await service.written("bad", blocked)
        await service.written("behind the bad one", blocked)
        for number in range(20):
            await service.written(f"free {number}", free)
        await service.handled.until(lambda events: len([e for e in events if e.data.insured == free]) == 20)
        assert [e for e in service.handled.events if e.data.insured == blocked] == [], "nothing overtakes within one person"
        release.set()
        await service.handled.until(lambda events: len([e for e in events if e.data.insured == blocked]) == 2)
        assert [e.data.text for e in service.handled.events if e.data.insured == blocked] == ["bad", "behind the bad one"]


@pytest.mark.parametrize(
    ("value", "headers", "says"),
    [
        (b"not json", cloudevent(), "json_invalid"),
        (b'{"text": "no note"}', cloudevent(), "note: missing"),
        (b"{}", [], "no CloudEvent"),
        (b"{}", cloudevent(ce_type="test.note.written.v9"), "No contract declares"),
        (b"{}", cloudevent(ce_specversion="0.3"), "no CloudEvent"),
        (b"{}", [("ce_type", b"\xff\xfe")], "not UTF-8"),
        (None, cloudevent(ce_id="not-a-uuid"), "malformed"),
        (None, cloudevent(ce_source=None), "source is missing"),
    ],
)
async def test_a_malformed_message_becomes_a_dead_letter_and_the_rest_flows_on(notebook, wire, value, headers, says):
    service = notebook()
    good = json.dumps({"insured": str(uuid4()), "note": str(uuid4()), "text": "secret of a person"}).encode()
    key = uuid4().bytes
    async with alive(service):
        before = await service.written("before")
        await wire.send(NOTES.name, value or good, headers, key=key)
        after = await service.written("after")
        await service.handled.until(lambda events: {before.id, after.id} <= {e.data.note for e in events})
        letter = await eventually(lambda: service.kernel.database["dead_letters"].find_one({"key": key}))
    assert says in letter["sentence"]
    assert "secret" not in letter["sentence"]
    assert letter["value"] == (value or good)


async def test_an_event_nobody_here_asked_for_is_passed_over(notebook, wire):
    service = notebook()
    value = NoteUnread(insured=uuid4(), note=uuid4()).model_dump_json().encode()
    async with alive(service):
        await wire.send(NOTES.name, value, cloudevent(ce_type="test.note.unread.v1"), key=b"x")
        note = await service.written("after")
        await service.handled.until(lambda events: note.id in [e.data.note for e in events])
        assert not [letter for letter in await service.kernel.dead_letters(service.kernel.name).waiting() if "unread" in letter["sentence"]]


async def test_a_dead_letter_is_replayed_to_its_group_alone_and_works_once_mended(notebook):
    service = notebook()
    broken = True

    async def act(event):
        if event.data.text == "mended later" and broken:
            raise NeverWorks("The template is broken.")

    service.handled.act = act
    async with alive(service):
        note = await service.written("mended later")
        letter = await waiting(service, "The template is broken.")
        broken = False
        letters = service.kernel.dead_letters(service.kernel.name)
        assert await letters.replay(letter["_id"], by="operator")
        assert not await letters.replay(letter["_id"], by="operator"), "what is replayed waits no more"
        await service.handled.until(lambda events: note.id in [e.data.note for e in events])
        assert "The template is broken." not in [found["sentence"] for found in await letters.waiting()]
    assert [e.data.note for e in service.handled.events].count(note.id) == 1


async def test_a_replay_that_fails_again_is_the_same_dead_letter(notebook):
    service = notebook()

    async def act(event):
        if event.data.text == "beyond repair":
            raise NeverWorks("Still broken.")

    service.handled.act = act
    async with alive(service):
        await service.written("beyond repair")
        letter = await waiting(service, "Still broken.")
        letters = service.kernel.dead_letters(service.kernel.name)
        await letters.replay(letter["_id"], by="operator")
        again = await waiting(service, "Still broken.")
    assert again["_id"] == letter["_id"]
    assert [note["what"] for note in again["history"]] == ["never_works", "replayed", "never_works"]


async def test_a_discarded_dead_letter_stays_on_file_with_the_reason(notebook):
    service = notebook()

    async def act(event):
        if event.data.text == "obsolete":
            raise NeverWorks("Nobody needs this.")

    service.handled.act = act
    async with alive(service):
        await service.written("obsolete")
        letter = await waiting(service, "Nobody needs this.")
        letters = service.kernel.dead_letters(service.kernel.name)
        assert await letters.discard(letter["_id"], by="operator", why="the person withdrew")
        assert "Nobody needs this." not in [found["sentence"] for found in await letters.waiting()]
        kept = await letters.collection.find_one({"_id": letter["_id"]})
    assert kept is not None
    assert kept["history"][-1]["why"] == "the person withdrew"


async def test_a_store_that_is_away_is_waited_for_and_makes_no_dead_letter(notebook):
    service = notebook()
    tries = 0

    async def act(event):
        nonlocal tries
        if event.data.text == "store away":
            tries += 1
            if tries <= 2:
                raise AutoReconnect("connection refused")

    service.handled.act = act
    async with alive(service, ladder=()):
        await service.written("store away")
        await service.handled.until(lambda events: "store away" in [e.data.text for e in events])
        letters = await service.kernel.dead_letters(service.kernel.name).waiting()
        assert [letter for letter in letters if letter["error"] == "AutoReconnect"] == []


async def test_a_defect_stops_the_service_turns_it_unready_and_loses_nothing(notebook):
    broken, mended = notebook(), notebook()

    async def defect(event):
        if event.data.text == "trips a defect":
            raise ZeroDivisionError

    broken.handled.act = defect
    async with alive(broken):
        note = await broken.written("trips a defect")
        await eventually(lambda: asyncio.sleep(0, "defect" in broken.kernel.health.obstacles.get("consumer", "")))
        letters = await broken.kernel.dead_letters(broken.kernel.name).waiting()
        assert [letter for letter in letters if letter["error"] == "ZeroDivisionError"] == []
    async with alive(mended):
        await mended.handled.until(lambda events: note.id in [e.data.note for e in events])
    assert [e.data.note for e in mended.handled.events].count(note.id) == 1


async def test_what_is_in_flight_at_a_stop_is_finished_and_committed(notebook):
    first, second = notebook(), notebook()
    began, go_on = asyncio.Event(), asyncio.Event()

    async def slow(event):
        if event.data.text == "slow":
            began.set()
            await go_on.wait()

    first.handled.act = slow
    async with alive(first):
        note = await first.written("slow")
        await began.wait()
        asyncio.get_running_loop().call_later(0.2, go_on.set)
    assert note.id in [e.data.note for e in first.handled.events]
    async with alive(second):
        later = await second.written("later")
        await second.handled.until(lambda events: later.id in [e.data.note for e in events])
    assert note.id not in [e.data.note for e in second.handled.events], "its offset was committed"


async def test_a_try_that_only_waits_does_not_hold_up_a_stop(notebook):
    service = notebook()
    tried = asyncio.Event()

    async def never(event):
        if event.data.text == "waits":
            tried.set()
            raise RetryLater("not there")

    service.handled.act = never
    async with asyncio.timeout(20):
        async with alive(service, ladder=(3600.0,)):
            note = await service.written("waits")
            await tried.wait()
    again = notebook()
    async with alive(again):
        await again.handled.until(lambda events: note.id in [e.data.note for e in events])


async def test_ids_derived_from_an_event_are_the_same_at_each_delivery(notebook):
    service = notebook()
    ids: list[UUID] = []

    async def act(event):
        if event.data.text == "twice":
            ids.append(event.derived_id("document", 1))
            if len(ids) == 1:
                raise RetryLater("once more")

    service.handled.act = act
    async with alive(service):
        await service.written("twice")
        await service.handled.until(lambda events: "twice" in [e.data.text for e in events])
    assert len(ids) == 2
    assert ids[0] == ids[1]
