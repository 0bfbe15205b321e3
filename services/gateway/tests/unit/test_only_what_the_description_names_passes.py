from __future__ import annotations

from typing import Any

import pytest

from espace_gateway.domain.operation import NoSuchAddress, Operation, operations_of


def described(service: str = "records", security: list[Any] | None = None) -> dict[str, Any]:
    return {"operationId": "doIt", "x-espace-service": service, "security": [{"session": []}] if security is None else security}


DOCUMENT: dict[str, Any] = {
    "paths": {
        "/api/v1/things/{thing}": {"get": described(), "delete": described(), "parameters": []},
        "/api/v1/things/{thing}/parts/{part}": {"get": described()},
        "/api/v1/things/catalogue": {"get": described(security=[])},
        "/api/v1/session": {"delete": described("identity", [{"session": []}, {}]), "post": described("identity", [])},
    }
}


def test_each_method_of_each_path_is_an_operation():
    operations = operations_of(DOCUMENT)
    assert {(template, method) for template, by_method in operations.items() for method in by_method} == {
        ("/api/v1/things/{thing}", "GET"),
        ("/api/v1/things/{thing}", "DELETE"),
        ("/api/v1/things/{thing}/parts/{part}", "GET"),
        ("/api/v1/things/catalogue", "GET"),
        ("/api/v1/session", "DELETE"),
        ("/api/v1/session", "POST"),
    }


def test_a_fixed_path_is_looked_at_before_one_with_a_parameter():
    templates = list(operations_of(DOCUMENT))
    assert templates.index("/api/v1/things/catalogue") < templates.index("/api/v1/things/{thing}")


@pytest.mark.parametrize(
    ("template", "method", "wants_login"),
    [
        ("/api/v1/things/{thing}", "GET", True),
        ("/api/v1/things/catalogue", "GET", False),
        ("/api/v1/session", "POST", False),
        ("/api/v1/session", "DELETE", False),
    ],
)
def test_an_operation_wants_a_login_unless_its_description_lets_anybody_in(template, method, wants_login):
    assert operations_of(DOCUMENT)[template][method].wants_login is wants_login


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("a1", "/t/a1/x"),
        ("a/b", "/t/a%2Fb/x"),
        ("a?b=c#d", "/t/a%3Fb%3Dc%23d/x"),
        ("é %", "/t/%C3%A9%20%25/x"),
        ("a\r\nb", "/t/a%0D%0Ab/x"),
        ("...", "/t/.../x"),
    ],
)
def test_a_value_stays_within_its_part_of_the_path(value, path):
    assert Operation("GET", "/t/{thing}/x", "records", wants_login=True).path_with({"thing": value}) == path


@pytest.mark.parametrize("value", [".", ".."])
def test_a_value_that_climbs_out_of_the_path_is_no_address(value):
    with pytest.raises(NoSuchAddress):
        Operation("GET", "/t/{thing}/x", "records", wants_login=True).path_with({"thing": value})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/v1/unknown"),
        ("GET", "/api/v1/me/"),
        ("GET", "/api/v1/me/bank-details/more"),
        ("GET", "/api/v1/documents/a/pdf/b"),
        ("POST", "/internal/token"),
        ("POST", "/internal/sessions/token"),
        ("GET", "/internal/letters/1"),
        ("GET", "/api/v1/../internal/letters/1"),
        ("GET", "/api/v1/%2e%2e/%2e%2e/internal/letters/1"),
        ("GET", "/api/v1/documents/..%2f..%2f..%2finternal/pdf"),
        ("GET", "/api/v1/documents/%2e%2e/pdf"),
        ("GET", "/.well-known/jwks.json"),
        ("GET", "//api/v1/me"),
    ],
)
async def test_what_it_does_not_name_reaches_no_service(door, method, path):
    answer = await door.http.request(method, path, headers=door.cookie, extensions={"target": path.encode()})
    assert answer.status_code == 404, answer.text
    assert (answer.headers["content-type"], answer.json()["type"]) == ("application/problem+json", "/problems/not-found")
    assert door.heard_nothing()


async def test_a_method_it_does_not_name_is_told_which_ones_there_are(door):
    answer = await door.http.patch("/api/v1/session", headers=door.cookie)
    assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "DELETE"}
    assert door.identity.heard == []


async def test_the_description_is_published_with_a_page_for_each_type_of_problem(door):
    document = (await door.http.get("/api/v1/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    assert "/api/v1/me" in document["paths"]
    for name in document["x-problems"]:
        page = await door.http.get(f"/problems/{name}")
        assert page.text.startswith(f"{name}\n")
    assert (await door.http.get("/problems/none-of-ours")).status_code == 404
