from __future__ import annotations

from uuid import UUID, uuid4

import pytest

HEADER = "Espace-On-Behalf-Of"


@pytest.fixture
def represented(door) -> UUID:
    """Somebody who gave a mandate for records."""
    person = uuid4()
    door.identity.mandates.add((person, "records"))
    return person


async def test_the_operation_goes_on_in_the_name_of_the_person_represented(door, represented):
    answer = await door.get("/api/v1/me", **{HEADER: str(represented)})
    assert answer.status_code == 200
    [heard] = door.records.heard
    assert heard.headers["authorization"] == f"Bearer token-{door.identity.issued}"
    assert HEADER.lower() not in heard.headers
    wanted = {"session": door.secret, "on_behalf_of": str(represented), "operation": "getMe", "service": "records"}
    assert door.identity.questions[-1] == wanted


async def test_each_operation_asks_anew_so_that_an_ended_mandate_opens_nothing(door, represented):
    assert [(await door.get("/api/v1/me", **{HEADER: str(represented)})).status_code for _ in range(2)] == [200, 200]
    assert len({heard.headers["authorization"] for heard in door.records.heard}) == 2
    door.identity.mandates.clear()
    answer = await door.get("/api/v1/me", **{HEADER: str(represented)})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/no-mandate")
    assert len(door.records.heard) == 2


async def test_a_token_for_another_is_never_used_for_oneself_nor_the_other_way_round(door, represented):
    await door.get("/api/v1/me", **{HEADER: str(represented)})
    await door.get("/api/v1/me")
    await door.get("/api/v1/me", **{HEADER: str(represented)})
    first, own, second = (heard.headers["authorization"] for heard in door.records.heard)
    assert len({first, own, second}) == 3


async def test_a_mandate_for_one_part_opens_no_other(door, represented):
    answer = await door.get("/api/v1/documents", **{HEADER: str(represented)})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/no-mandate")
    assert door.documents.heard == []


@pytest.mark.parametrize("value", ["", "me", "7d3c1f7e", "7d3c1f7e-0000-4000-8000-000000000001, x", "é"])
async def test_a_malformed_id_is_told_by_its_field(door, value):
    answer = await door.http.get("/api/v1/me", headers=[(b"cookie", door.cookie["cookie"].encode()), (HEADER.encode(), value.encode())])
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert [error["field"] for error in answer.json()["errors"]] == [HEADER]
    assert door.heard_nothing()


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/v1/session"), ("PUT", "/api/v1/account/contact"), ("PUT", "/api/v1/edelivery"), ("GET", "/api/v1/events")],
)
async def test_what_the_person_alone_may_do_is_refused_for_another(door, represented, method, path):
    answer = await door.http.request(method, path, headers=door.cookie | {HEADER: str(represented)}, json={})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-by-mandate")
    assert door.heard_nothing()


async def test_without_a_login_there_is_nobody_to_hold_a_mandate(door, represented):
    answer = await door.http.get("/api/v1/me", headers={HEADER: str(represented)})
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-logged-in")
    assert door.heard_nothing()


async def test_what_is_open_to_all_takes_no_notice(door, represented):
    answer = await door.http.get("/api/v1/procedures/catalogue", headers={HEADER: str(represented)})
    assert answer.status_code == 200
