from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.responses import JSONResponse, Response, StreamingResponse

from espace_gateway.domain.headers import passing_inward, passing_outward

DOCUMENT = "/api/v1/documents/7d3c1f7e-0000-4000-8000-000000000001/pdf"
PROCEDURE = "/api/v1/procedures/7d3c1f7e-0000-4000-8000-000000000002"


def test_headers_pass_by_being_known():
    sent = [("Accept", "a"), ("If-Match", '"3"'), ("Authorization", "b"), ("Forwarded", "for=1"), ("Connection", "x"), ("X-Anything", "y")]
    assert passing_inward(sent) == [("Accept", "a"), ("If-Match", '"3"')]
    answered = [("ETag", '"3"'), ("Server", "x"), ("Set-Cookie", "a=b"), ("Transfer-Encoding", "chunked"), ("X-Internal", "y")]
    assert passing_outward(answered, sets_cookies=False) == [("ETag", '"3"')]
    assert passing_outward(answered, sets_cookies=True) == [("ETag", '"3"'), ("Set-Cookie", "a=b")]


async def test_path_query_and_conditions_reach_the_service(door):
    await door.get(
        f"{PROCEDURE}?locale=lb&x=a%20b%2Fc",
        **{"if-none-match": '"7"', "accept-language": "lb, fr;q=0.5", "idempotency-key": "k", "range": "bytes=0-9"},
    )
    [heard] = door.procedures.heard
    assert (heard.path, heard.query) == (PROCEDURE, "locale=lb&x=a%20b%2Fc")
    wanted = {"if-none-match": '"7"', "accept-language": "lb, fr;q=0.5", "idempotency-key": "k", "range": "bytes=0-9"}
    assert heard.headers.items() >= wanted.items()


async def test_what_the_door_alone_vouches_for_is_not_taken_from_outside(door):
    claims = {"x-forwarded-for": "10.0.0.1", "forwarded": "for=10.0.0.1", "x-real-ip": "10.0.0.1", "te": "trailers", "x-user": "luc"}
    await door.get("/api/v1/me", **claims)
    [heard] = door.records.heard
    assert heard.headers.keys() <= {"host", "accept", "authorization", "traceparent"}
    assert heard.headers["host"] == door.records.url.removeprefix("http://")


async def test_the_service_goes_on_the_same_trace(door):
    await door.get("/api/v1/me", traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    [heard] = door.records.heard
    assert heard.headers["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c-")


@pytest.mark.parametrize("declared", [True, False], ids=["with its length", "piece by piece"])
async def test_an_upload_reaches_the_service_byte_for_byte(door, declared):
    scan = os.urandom(300_000)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(scan), 7_000):
            yield scan[start : start + 7_000]

    content: bytes | AsyncIterator[bytes] = scan if declared else pieces()
    headers = door.cookie | {"content-type": "multipart/form-data; boundary=b", "idempotency-key": "k"}
    answer = await door.http.post(f"{PROCEDURE}/attachments", content=content, headers=headers)
    [heard] = door.procedures.heard
    assert answer.status_code == 200
    assert heard.body == scan
    assert heard.headers["content-type"] == "multipart/form-data; boundary=b"
    assert (heard.headers.get("content-length") == "300000") is declared


async def test_a_header_that_is_no_ascii_passes_as_it_came(door):
    await door.http.get(PROCEDURE, headers=[(b"cookie", door.cookie["cookie"].encode()), (b"if-match", '"٣"'.encode())])
    [heard] = door.procedures.heard
    assert heard.headers["if-match"].encode("latin-1") == '"٣"'.encode()


async def test_a_length_that_is_told_in_two_ways_is_refused(door):
    headers = door.cookie | {"transfer-encoding": "chunked", "content-length": "5", "content-type": "application/json"}
    answer = await door.http.put(f"{PROCEDURE}/answers", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/ambiguous-length")
    assert door.procedures.heard == []


async def test_a_pdf_passes_out_byte_for_byte_with_what_proves_it(door):
    pdf = b"%PDF-1.7\n" + os.urandom(1_000_000)
    sha256 = hashlib.sha256(pdf).hexdigest()
    proof = {
        "content-length": str(len(pdf)),
        "etag": f'"{sha256}"',
        "repr-digest": "sha-256=:abc=:",
        "content-disposition": 'attachment; filename="B-1.pdf"',
    }

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(pdf), 255 * 1024):
            yield pdf[start : start + 255 * 1024]

    async def stored(_request):
        return StreamingResponse(pieces(), media_type="application/pdf", headers=proof | {"cache-control": "public", "x-internal": "1"})

    door.documents.answers = stored
    answer = await door.get(DOCUMENT)
    assert hashlib.sha256(answer.content).hexdigest() == sha256
    assert answer.headers.items() >= proof.items()
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert "x-internal" not in answer.headers
    assert len(answer.headers.get_list("date")) == 1
    assert "server" not in answer.headers or answer.headers.get_list("server") == ["uvicorn"]


async def test_the_first_bytes_pass_before_the_last_are_there(door):
    rest = asyncio.Event()

    async def pieces() -> AsyncIterator[bytes]:
        yield b"first"
        await rest.wait()
        yield b"last"

    async def slowly(_request):
        return StreamingResponse(pieces())

    door.documents.answers = slowly
    async with asyncio.timeout(30), door.http.stream("GET", DOCUMENT, headers=door.cookie) as answer:
        received = answer.aiter_raw()
        assert await anext(received) == b"first"
        rest.set()
        assert [piece async for piece in received] == [b"last"]


async def test_a_compressed_answer_stays_as_it_was_packed(door):
    async def packed(_request):
        return Response(b"\x1f\x8bnot really", headers={"content-encoding": "gzip", "vary": "accept-encoding"})

    door.records.answers = packed
    async with door.http.stream("GET", "/api/v1/me", headers=door.cookie) as answer:
        assert b"".join([piece async for piece in answer.aiter_raw()]) == b"\x1f\x8bnot really"
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "accept-encoding")


@pytest.mark.parametrize("status", [200, 201, 204, 304, 404, 409, 412, 422, 428, 500])
async def test_a_services_answer_keeps_its_status_and_its_words(door, status):
    async def answering(_request):
        if status in (204, 304):
            return Response(status_code=status, headers={"etag": '"4"'})
        headers = {"etag": '"4"', "location": "/api/v1/x"}
        return JSONResponse({"detail": "été"}, status, headers=headers, media_type="application/problem+json")

    door.procedures.answers = answering
    answer = await door.get(PROCEDURE)
    assert (answer.status_code, answer.headers["etag"]) == (status, '"4"')
    if answer.content:
        assert (answer.json(), answer.headers["location"]) == ({"detail": "été"}, "/api/v1/x")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_body_over_the_limit_is_refused_when_its_length_is_told(door):
    answer = await door.http.post(f"{PROCEDURE}/attachments", content=b"x" * (12 * 1024 * 1024 + 1), headers=door.cookie)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert door.procedures.heard == []


async def test_a_body_over_the_limit_is_refused_when_it_grows_beyond_it(door):
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(13):
            yield b"x" * 1024 * 1024

    answer = await door.http.post(f"{PROCEDURE}/attachments", content=endless(), headers=door.cookie)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert [heard for heard in door.procedures.heard if heard.body] == []


@pytest.mark.parametrize("declared", [True, False], ids=["with its length", "piece by piece"])
async def test_what_takes_no_files_takes_no_large_body(door, declared):
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(65):
            yield b" " * 1024

    content: bytes | AsyncIterator[bytes] = b" " * 65 * 1024 if declared else pieces()
    answer = await door.http.put(f"{PROCEDURE}/answers", content=content, headers=door.cookie | {"content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert "64 KB" in answer.json()["detail"]
    assert [heard for heard in door.procedures.heard if heard.body] == []


async def test_what_takes_no_files_takes_all_that_a_person_types(door):
    answer = await door.http.put(f"{PROCEDURE}/answers", content=b" " * 64 * 1024, headers=door.cookie)
    assert answer.status_code == 200
    assert len(door.procedures.heard[0].body) == 64 * 1024


async def test_what_concerns_one_connection_alone_does_not_pass(door):
    async def answering(_request):
        return Response("{}", headers={"keep-alive": "timeout=9", "proxy-authenticate": "x", "upgrade": "h2c", "trailer": "x"})

    door.records.answers = answering
    single = ("connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "upgrade", "x-secret")
    answer = await door.get("/api/v1/me", **dict.fromkeys(single, "x-secret") | {"connection": "x-secret, keep-alive"})
    [heard] = door.records.heard
    assert heard.headers.keys().isdisjoint(single)
    assert answer.headers.keys().isdisjoint({"keep-alive", "proxy-authenticate", "upgrade", "trailer"})


async def test_a_body_at_the_limit_passes(door):
    answer = await door.http.post(f"{PROCEDURE}/attachments", content=b"x" * (12 * 1024 * 1024), headers=door.cookie)
    assert answer.status_code == 200
    assert len(door.procedures.heard[0].body) == 12 * 1024 * 1024


async def test_many_at_once_each_get_their_own_answer(door):
    async def echo(request):
        return JSONResponse({"path": request.url.path})

    door.procedures.answers = echo
    paths = [f"/api/v1/procedures/{number}" for number in range(100)]
    answers: list[httpx.Response] = await asyncio.gather(*[door.get(path) for path in paths])
    assert [answer.json()["path"] for answer in answers] == paths
