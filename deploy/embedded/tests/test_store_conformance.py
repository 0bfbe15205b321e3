"""What the project relies on in a document store. Every store it may run on passes these cases."""

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from bson import Int64
from gridfs.asynchronous import AsyncGridFSBucket
from pymongo import AsyncMongoClient, ReturnDocument, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

Document = dict[str, Any]
Collection = AsyncCollection[Document]

NOON = dt.datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=dt.UTC)
TEN = [
    {
        "_id": number,
        "letter": "abcde"[number % 5],
        "rank": number,
        "due": NOON + dt.timedelta(days=number),
        "place": {"row": number % 3},
        "parts": [{"id": number}] if number % 2 else [],
    }
    for number in range(10)
]
TWO_PARTS = [{"id": 1, "state": "new"}, {"id": 2, "state": "new"}]


@pytest.fixture
async def collection(store) -> AsyncIterator[Collection]:
    async with AsyncMongoClient(store.uri, tz_aware=True, uuidRepresentation="standard") as client:
        await client.drop_database("conformance")
        yield client.conformance.cases


@dataclass(frozen=True)
class Update:
    """One update of the document with id 1: what it was, what is asked, what it must be then."""

    name: str
    before: dict[str, Any] | None
    change: dict[str, Any]
    after: dict[str, Any]
    where: dict[str, Any] = field(default_factory=dict)
    upsert: bool = False


UPDATES = [
    Update("a key of a map is removed", {"map": {"a": 1, "b": 2}}, {"$unset": {"map.a": ""}}, {"map": {"b": 2}}),
    Update(
        "a nested key is set and a number counted",
        {"map": {}},
        {"$set": {"map.a": 1}, "$inc": {"version": 1}},
        {"map": {"a": 1}, "version": 1},
    ),
    Update("an array loses what matches a condition", {"parts": TWO_PARTS}, {"$pull": {"parts": {"id": 1}}}, {"parts": TWO_PARTS[1:]}),
    Update("an array loses several values", {"parts": [1, 2, 3]}, {"$pull": {"parts": {"$in": [2, 3]}}}, {"parts": [1]}),
    Update("an array loses its first entry", {"parts": [1, 2, 3]}, {"$pop": {"parts": -1}}, {"parts": [2, 3]}),
    Update("a set gains only what is new", {"parts": [1]}, {"$addToSet": {"parts": {"$each": [1, 2]}}}, {"parts": [1, 2]}),
    Update("an array keeps its last two", {"parts": [1]}, {"$push": {"parts": {"$each": [2, 3], "$slice": -2}}}, {"parts": [2, 3]}),
    Update("the later date wins", {}, {"$max": {"due": NOON}}, {"due": NOON}),
    Update("an upsert sets what only the first may", None, {"$setOnInsert": {"a": 1}, "$set": {"b": 2}}, {"a": 1, "b": 2}, upsert=True),
    Update(
        "the matching array entry is changed",
        {"parts": TWO_PARTS},
        {"$set": {"parts.$.state": "done"}},
        {"parts": [TWO_PARTS[0], {"id": 2, "state": "done"}]},
        where={"parts.id": 2},
    ),
    Update("a wrong expected version changes nothing", {"version": 3}, {"$set": {"version": 9}}, {"version": 3}, where={"version": 2}),
]


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.name)
async def test_an_update_does_what_it_says(collection: Collection, case: Update) -> None:
    if case.before is not None:
        await collection.insert_one({"_id": 1, **case.before})

    await collection.update_one({"_id": 1, **case.where}, case.change, upsert=case.upsert)

    assert await collection.find_one({"_id": 1}) == {"_id": 1, **case.after}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"due": {"$lte": NOON + dt.timedelta(days=2)}}, [0, 1, 2], id="dates up to one"),
        pytest.param({"rank": {"$in": [3, 5]}}, [3, 5], id="one of several values"),
        pytest.param({"parts.0": {"$exists": True}}, [1, 3, 5, 7, 9], id="an array that has an entry"),
        pytest.param({"place.row": 2}, [2, 5, 8], id="a nested field"),
        pytest.param({"parts.id": 3}, [3], id="a field of an array's entries"),
        pytest.param({"parts": {"$elemMatch": {"id": 5}}}, [5], id="one entry that matches"),
        pytest.param({"$or": [{"rank": 1}, {"letter": "c"}]}, [1, 2, 7], id="either of two conditions"),
        pytest.param({"letter": {"$regex": "^A", "$options": "i"}}, [0, 5], id="a pattern without case"),
        pytest.param({"nowhere": None, "rank": {"$lt": 2}}, [0, 1], id="null where the field is missing"),
    ],
)
async def test_a_query_finds_exactly_what_it_asks_for(collection: Collection, query: dict[str, Any], found: list[int]) -> None:
    await collection.insert_many(TEN)
    assert [document["_id"] async for document in collection.find(query)] == found


async def test_a_result_is_sorted_by_two_keys_and_limited(collection: Collection) -> None:
    await collection.insert_many(TEN)
    ordered = collection.find({}, sort=[("letter", 1), ("rank", -1)], limit=3)
    assert [document["_id"] async for document in ordered] == [5, 0, 6]


async def test_a_projection_returns_only_the_named_fields(collection: Collection) -> None:
    await collection.insert_many(TEN)
    assert await collection.find_one({"_id": 3}, {"letter": 1, "rank": 1}) == {"_id": 3, "letter": "d", "rank": 3}


async def test_distinct_values_come_once(collection: Collection) -> None:
    await collection.insert_many(TEN)
    assert sorted(await collection.distinct("letter")) == list("abcde")


async def test_a_claim_takes_the_first_in_order_and_returns_it_changed(collection: Collection) -> None:
    await collection.insert_many(TEN)
    claimed = await collection.find_one_and_update(
        {"letter": "a"}, {"$set": {"claimed": True}}, sort=[("rank", -1)], projection={"claimed": 1}, return_document=ReturnDocument.AFTER
    )
    assert claimed == {"_id": 5, "claimed": True}


@pytest.mark.parametrize(
    ("pipeline", "result"),
    [
        pytest.param(
            [{"$match": {"rank": {"$lt": 2}}}, {"$group": {"_id": "$letter", "count": {"$sum": 1}}}, {"$sort": {"_id": 1}}],
            [{"_id": "a", "count": 1}, {"_id": "b", "count": 1}],
            id="counted by group",
        ),
        pytest.param([{"$group": {"_id": None, "first": {"$min": "$due"}}}], [{"_id": None, "first": NOON}], id="the earliest date"),
    ],
)
async def test_an_aggregation_gives_its_result(collection: Collection, pipeline: list[Any], result: list[Any]) -> None:
    await collection.insert_many(TEN)
    assert await (await collection.aggregate(pipeline)).to_list() == result


async def test_a_bulk_write_counts_what_it_changed(collection: Collection) -> None:
    await collection.insert_many(TEN)
    result = await collection.bulk_write([UpdateOne({"_id": number}, {"$set": {"seen": True}}) for number in (1, 2)])
    assert result.modified_count == 2


async def test_values_come_back_as_they_went_in(collection: Collection) -> None:
    identity = uuid.UUID(int=9)
    document = {"_id": 1, "bytes": b"\x00x", "long": Int64(2**40), "uuid": identity, "text": "nul \x00 within"}
    await collection.insert_one(document)
    assert await collection.find_one({"uuid": identity}) == document


async def test_a_file_comes_back_from_gridfs_byte_by_byte(collection: Collection) -> None:
    content = bytes(range(256)) * 3000
    files = AsyncGridFSBucket(collection.database)
    number = await files.upload_from_stream("letter.pdf", content)
    assert await (await files.open_download_stream(number)).read() == content


@pytest.mark.parametrize("sparse", [False, True], ids=["unique", "unique and sparse"])
@pytest.mark.parametrize(
    "write",
    [
        pytest.param(lambda cases: cases.insert_one({"_id": 3, "a": 1, "b": 1}), id="insert"),
        pytest.param(lambda cases: cases.update_one({"_id": 2}, {"$set": {"b": 1}}), id="update"),
    ],
)
async def test_a_unique_index_refuses_the_second(
    collection: Collection, write: Callable[[Collection], Awaitable[object]], sparse: bool
) -> None:
    await collection.create_index([("a", 1), ("b", 1)], unique=True, sparse=sparse)
    await collection.insert_many([{"_id": 1, "a": 1, "b": 1}, {"_id": 2, "a": 1, "b": 2}])

    with pytest.raises(DuplicateKeyError):
        await write(collection)

    assert [document["b"] async for document in collection.find()] == [1, 2]


async def test_a_sparse_unique_index_lets_documents_without_the_field_be(collection: Collection) -> None:
    await collection.create_index("matricule", unique=True, sparse=True)
    await collection.insert_many([{"_id": 1}, {"_id": 2}])
    assert await collection.count_documents({}) == 2


async def test_a_hundred_increments_at_once_all_count(collection: Collection) -> None:
    await collection.insert_one({"_id": 1})
    await asyncio.gather(*[collection.update_one({"_id": 1}, {"$inc": {"count": 1}}) for _ in range(100)])
    assert await collection.find_one() == {"_id": 1, "count": 100}


async def test_of_fifty_writers_with_the_same_expected_version_one_wins(collection: Collection) -> None:
    await collection.insert_one({"_id": 1, "version": 0})
    results = await asyncio.gather(*[collection.update_one({"_id": 1, "version": 0}, {"$set": {"version": 1}}) for _ in range(50)])
    assert sum(result.modified_count for result in results) == 1


async def test_of_fifty_inserts_with_the_same_key_one_wins(collection: Collection) -> None:
    await collection.create_index("key", unique=True)
    results = await asyncio.gather(*[collection.insert_one({"key": "same"}) for _ in range(50)], return_exceptions=True)
    assert sum(isinstance(result, DuplicateKeyError) for result in results) == 49
    assert await collection.count_documents({}) == 1


async def test_ten_things_are_claimed_once_each_by_thirty(collection: Collection) -> None:
    await collection.insert_many([{"_id": number, "state": "free"} for number in range(10)])
    claims = await asyncio.gather(*[collection.find_one_and_update({"state": "free"}, {"$set": {"state": "taken"}}) for _ in range(30)])
    assert sorted(claim["_id"] for claim in claims if claim) == list(range(10))
