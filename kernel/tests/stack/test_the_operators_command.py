from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from aiokafka.structs import ConsumerRecord

from espace_kernel.dead_letters import DeadLetters, Failure
from espace_kernel.store import connect

HEADERS = (("ce_type", b"lu.cns.persons.person.recorded.v1"), ("ce_id", str(uuid4()).encode()))


def message(offset: int) -> ConsumerRecord:
    return ConsumerRecord(
        topic="cns.persons.v1", partition=0, offset=offset, timestamp=0, timestamp_type=0, key=b"k", value=b'{"given_name": "Private"}',
        checksum=None,
        serialized_key_size=1, serialized_value_size=1, headers=HEADERS,
    )  # fmt: skip


@pytest.fixture
async def letters(own_store) -> AsyncIterator[DeadLetters]:
    async with connect(own_store.uri) as client:
        kept = DeadLetters(client["espace_records"]["dead_letters"], "records", lambda _collection, _id: None)
        await kept.collection.delete_many({})
        for offset in (1, 2):
            await kept.keep(message(offset), Failure("never_works", "NeverWorks", "The file has no revision.", 1))
        yield kept


async def command(store, *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "espace_kernel", *arguments, env=os.environ | {"ESPACE_MONGODB": store.uri, "COLUMNS": "200"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_it_lists_what_waits_without_the_content(own_store, letters):
    code, said = await command(own_store, "list", "--group", "records")
    assert code == 0
    assert "cns.persons.v1:0:1" in said
    assert "The file has no revision." in said
    assert said.splitlines()[-1] == "2 waiting in records-dlt"
    assert "Private" not in said


async def test_it_shows_attributes_and_history_of_one(own_store, letters):
    _, said = await command(own_store, "show", "cns.persons.v1:0:2", "--group", "records")
    assert "ce_type: lu.cns.persons.person.recorded.v1" in said
    assert "never_works" in said
    assert "Private" not in said


async def test_a_dry_run_says_what_it_would_do_and_does_nothing(own_store, letters):
    _, said = await command(own_store, "replay", "--all", "--dry-run", "--group", "records")
    assert said.count("would be replayed") == 2
    assert len(await letters.waiting()) == 2


async def test_it_replays_one_and_keeps_who_did(own_store, letters):
    code, said = await command(own_store, "replay", "cns.persons.v1:0:1", "--by", "op", "--group", "records")
    assert (code, "replayed" in said) == (0, True)
    assert [letter["_id"] for letter in await letters.waiting()] == ["cns.persons.v1:0:2"]
    document = await letters.collection.find_one({"_id": "cns.persons.v1:0:1"})
    assert document is not None
    assert document["history"][-1]["by"] == "op"
    assert document["outbox"][-1]["topic"] == "records-replay"
    code, said = await command(own_store, "replay", "cns.persons.v1:0:1", "--group", "records")
    assert (code, "nothing done" in said) == (1, True)


async def test_it_discards_with_a_reason_only(own_store, letters):
    assert (await command(own_store, "discard", "cns.persons.v1:0:1", "--group", "records"))[0] != 0
    assert (await command(own_store, "discard", "cns.persons.v1:0:1", "--why", "sent by mistake", "--group", "records"))[0] == 0
    assert len(await letters.waiting()) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("list", "--group", "nobody"), "There is no group nobody"),
        (("replay", "--group", "records"), "Name one dead letter, or say --all"),
        (("show", "a:0:1", "--group", "records"), "There is no dead letter a:0:1"),
    ],
)
async def test_a_wrong_call_is_told_in_a_sentence(own_store, letters, arguments, says):
    code, said = await command(own_store, *arguments)
    assert code != 0
    assert says in said


async def test_a_store_that_is_away_is_told_in_a_sentence(own_store, letters):
    class Away:
        uri = "mongodb://127.0.0.1:1"

    code, said = await command(Away, "list", "--group", "records")
    assert code == 1
    assert "cannot be reached" in said
    assert "ESPACE_MONGODB" in said
