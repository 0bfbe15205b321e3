from __future__ import annotations

import asyncio
import contextlib
import socket

import httpx
import pytest
import structlog
from starlette.responses import Response

from espace_gateway.domain.cross_site import comes_from_another_site
from espace_gateway.domain.headers import security_headers

from .conftest import opened

OWN = "https://espace.example.lu"
OTHER = "https://evil.example"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("fetch_site", "origin", "refused"),
    [
        ("same-origin", OWN, False),
        ("same-origin", None, False),
        ("none", None, False),
        ("same-site", "https://other.example.lu", True),
        ("cross-site", OTHER, True),
        ("cross-site", OWN, True),
        ("nonsense", OWN, True),
        (None, None, False),
        (None, OWN, False),
        (None, OTHER, True),
        (None, "null", True),
        (None, "https://espace.example.lu:8443", True),
        (None, "http://espace.example.lu", True),
        (None, "https://espace.example.lu.evil.example", True),
    ],
)
def test_another_site_changes_nothing_here(method, fetch_site, origin, refused):
    assert comes_from_another_site(method, fetch_site, origin, OWN) is refused


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_changes_nothing_and_so_passes(method):
    assert comes_from_another_site(method, "cross-site", OTHER, OWN) is False


async def test_every_change_that_the_api_offers_is_refused_to_another_site(door):
    document = (await door.http.get("/api/v1/openapi.json")).json()
    changes = [(method, path) for path, methods in document["paths"].items() for method in methods if method != "get"]
    assert len(changes) >= 9
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": OTHER}):
        for method, path in changes:
            answer = await door.http.request(method, path, headers=door.cookie | headers)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/cross-site"), (method, path)
    assert door.heard_nothing()


async def test_a_page_of_another_site_may_not_even_ask_whether_it_may(door):
    asking = {"origin": OTHER, "access-control-request-method": "PUT", "access-control-request-headers": "content-type, idempotency-key"}
    for path in ("/api/v1/me", "/api/v1/edelivery", "/api/v1/procedures", "/api/v1/events", "/api/v1/openapi.json"):
        answer = await door.http.options(path, headers=asking)
        assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed"), path
        assert not [name for name in answer.headers if name.startswith("access-control-")], path
    assert door.heard_nothing()


async def test_a_page_of_another_site_cannot_read_what_it_asks_for(door):
    async def generous(_request):
        return Response("{}", headers={"access-control-allow-origin": "*", "access-control-allow-credentials": "true"})

    door.records.answers = generous
    answer = await door.get("/api/v1/me", origin=OTHER)
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("public_url", "origin"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://espace.example.lu/", "https://espace.example.lu"),
        ("https://espace.example.lu:443", "https://espace.example.lu"),
        ("https://espace.example.lu:8443", "https://espace.example.lu:8443"),
        ("http://localhost", "http://localhost"),
    ],
)
async def test_the_eSpaces_own_pages_may_change_things(tmp_path, public_url, origin):  # noqa: N802  # the product's name
    async with opened(tmp_path, public_url=public_url) as door:
        answer = await door.http.post("/api/v1/login/links", json={"matricule": "1"}, headers={"origin": origin})
        refused = await door.http.post("/api/v1/login/links", json={"matricule": "1"}, headers={"origin": OTHER})
    assert (answer.status_code, refused.status_code) == (201, 403)


async def test_over_https_only_the_cookie_that_came_over_https_counts(tmp_path):
    async with opened(tmp_path, public_url=OWN) as door:
        plain = await door.get("/api/v1/me")
        prefixed = await door.http.get("/api/v1/me", headers={"cookie": f"__Host-espace={door.secret}"})
    assert (plain.status_code, prefixed.status_code) == (401, 200)


async def crawl(door) -> list[httpx.Response]:
    """An answer of every kind, from the door itself and from behind it."""
    await door.get("/api/v1/me")

    async def broken(_request):
        raise RuntimeError

    door.documents.answers = broken
    with contextlib.suppress(httpx.HTTPError):
        await door.get("/api/v1/documents")
    return [
        await door.get("/api/v1/me"),
        await door.get("/api/v1/session"),
        await door.http.get("/api/v1/me"),
        await door.http.get("/api/v1/unknown"),
        await door.http.patch("/api/v1/me"),
        await door.http.post("/api/v1/login/links", headers={"origin": OTHER}),
        await door.http.post("/api/v1/login/links", content=b"x" * (12 * 1024 * 1024 + 1)),
        await door.get("/api/v1/documents"),
        await door.http.get("/api/v1/openapi.json"),
        await door.http.get("/problems/not-found"),
        await door.http.get("/problems/unknown"),
        await door.http.get("/livez"),
    ]


@pytest.mark.parametrize("https", [True, False])
async def test_every_answer_tells_the_browser_what_it_may_not_do(tmp_path, https):
    async with opened(tmp_path, **({"public_url": OWN} if https else {})) as door:
        if https:
            door.cookie = {"cookie": "__Host-" + door.cookie["cookie"]}
        answers = await crawl(door)
    wanted = security_headers(https=https)
    for answer in answers:
        assert answer.headers["content-security-policy"].startswith("default-src 'none'"), answer.request.url
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        for name in wanted.keys() - {"Cache-Control"}:
            assert answer.headers.get_list(name) == [wanted[name]], (answer.request.url, name)
        assert ("strict-transport-security" in answer.headers) is https
        public = answer.request.url.path in ("/api/v1/openapi.json", "/problems/not-found")
        assert answer.headers["cache-control"] == ("max-age=300" if public else "no-store"), answer.request.url


async def test_a_defect_of_the_door_itself_is_a_problem_with_all_headers(door):
    async def rubbish(_request):
        return Response("no token")

    door.identity.answers = rubbish
    with structlog.testing.capture_logs():  # to render the defect's traceback for a terminal takes seconds
        answer = await door.get("/api/v1/me")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/defect")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"


async def test_a_service_that_is_away_is_told_with_a_time_to_come_back(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    async with opened(tmp_path, records_url=nobody) as door:
        away, there = await door.get("/api/v1/me"), await door.get("/api/v1/documents")
    assert (away.status_code, away.json()["type"], there.status_code) == (503, "/problems/service-away", 200)
    assert int(away.headers["retry-after"]) > 0
    assert "Try again" in away.json()["detail"]
    assert nobody.removeprefix("http://") not in away.text


async def test_without_identity_nobody_passes_and_nobody_is_called_logged_out(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    async with opened(tmp_path, identity_url=nobody) as door:
        answer = await door.get("/api/v1/me")
        catalogue = await door.http.get("/api/v1/procedures/catalogue")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/service-away")
    assert catalogue.status_code == 200


async def test_a_service_that_breaks_off_may_have_heard_the_request(tmp_path):
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with opened(tmp_path, procedures_url=f"http://127.0.0.1:{port}") as door:
            answer = await door.http.post("/api/v1/procedures", json={}, headers=door.cookie)
    assert (answer.status_code, answer.json()["type"]) == (502, "/problems/no-answer")
    assert "Idempotency-Key" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 0
