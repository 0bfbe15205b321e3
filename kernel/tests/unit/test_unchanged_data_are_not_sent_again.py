from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from espace_kernel.conditional import ConditionalRoute


@pytest.fixture
async def http():
    router = APIRouter(route_class=ConditionalRoute)

    @router.get("/data/{n}")
    async def data(n: int) -> dict[str, int]:
        return {"n": n}

    app = FastAPI()
    app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://records") as http:
        yield http


@pytest.mark.parametrize(
    ("known", "status"),
    [("{etag}", 304), ("W/{etag}", 304), ('"6", {etag}', 304), ("*", 304), ('"6"', 200), ("", 200), (None, 200)],
)
async def test_who_has_the_answer_already_is_told_so(http, known, status):
    etag = (await http.get("/data/1")).headers["etag"]
    answer = await http.get("/data/1", headers={"if-none-match": known.format(etag=etag)} if known is not None else {})
    assert (answer.status_code, answer.headers["etag"]) == (status, etag)
    assert answer.content == (b"" if status == 304 else b'{"n":1}')


async def test_other_content_has_another_etag(http):
    one, two = await http.get("/data/1"), await http.get("/data/2")
    assert one.headers["etag"] != two.headers["etag"]
    assert (await http.get("/data/2", headers={"if-none-match": one.headers["etag"]})).status_code == 200
