"""The server makes a collection at its first use, and changes its structure while it is used."""

import asyncio

from espace_kernel.store import connect


async def test_first_uses_of_a_collection_may_meet(store):
    async with connect(store.uri) as one, connect(store.uri) as other:
        for number in range(40):
            mine, theirs = (client["first_uses"][f"new_{number}"] for client in (one, other))
            await asyncio.gather(
                *[theirs.find_one({"name": "nobody"}) for _ in range(4)],
                *[mine.insert_one({"name": name}) for name in ("Sophie", "Luc")],
                *[theirs.update_one({"_id": "Ana"}, {"$set": {"known": True}}, upsert=True) for _ in range(2)],
            )
            assert await mine.count_documents({}) == 3


async def test_an_index_is_made_while_documents_are_written(store):
    async with connect(store.uri) as one, connect(store.uri) as other:
        for number in range(40):
            mine, theirs = (client["indexed"][f"new_{number}"] for client in (one, other))
            names = [f"person {count}" for count in range(6)]
            await asyncio.gather(mine.create_index("name", unique=True), *[theirs.insert_one({"name": name}) for name in names])
            assert sorted([document["name"] async for document in mine.find()]) == names
