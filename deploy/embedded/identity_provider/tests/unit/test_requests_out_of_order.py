"""What a client does wrong is told to it; what might come from somebody else is never answered at an address of their choice."""

from __future__ import annotations

import pytest

from .conftest import SOPHIE, Espace, World

CALLBACK = "http://127.0.0.1:8080/api/v1/login/callback/luxtrust"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "another"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": f"{CALLBACK}?next=1"},
        {"redirect_uri": CALLBACK.replace("luxtrust", "eid")},
        {"redirect_uri": CALLBACK.replace("127.0.0.1", "localhost")},
        {"redirect_uri": "https://elsewhere.example/callback"},
    ],
)
async def test_an_address_that_is_not_registered_is_never_answered(luxtrust: Espace, changes: dict[str, str | None]):
    for answer in (await luxtrust.asks(**changes), await luxtrust.sends_page({"person": SOPHIE.matricule, "level": "high"}, **changes)):
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"request_uri": "https://elsewhere.example/request"}, "request_uri_not_supported"),
    ],
)
async def test_a_request_out_of_order_is_refused_at_the_registered_address(luxtrust: Espace, changes: dict[str, str | None], error: str):
    for response in (await luxtrust.asks(**changes), await luxtrust.sends_page({"person": SOPHIE.matricule, "level": "high"}, **changes)):
        answer = luxtrust.answered(response)
        assert answer["error"] == error
        assert answer["error_description"].endswith(".")
        assert (answer["state"], answer["iss"]) == ("st&te", luxtrust.issuer)


async def test_a_parameter_sent_twice_is_refused(luxtrust: Espace):
    twice = [*luxtrust.request().items(), ("scope", "openid")]
    answer = luxtrust.answered(await luxtrust.http.get("/luxtrust/authorize", params=twice))  # type: ignore[arg-type]  # httpx takes pairs
    assert answer["error"] == "invalid_request"


async def test_a_code_is_good_once(luxtrust: Espace):
    code = await luxtrust.logs_in()
    assert (await luxtrust.redeems(code)).status_code == 200
    assert (await luxtrust.redeems(code)).json()["error"] == "invalid_grant"


async def test_a_code_is_good_for_a_minute(luxtrust: Espace, world: World):
    late, in_time = await luxtrust.logs_in(), await luxtrust.logs_in()
    world.passes(seconds=59)
    assert (await luxtrust.redeems(in_time)).status_code == 200
    world.passes(seconds=1)
    assert (await luxtrust.redeems(late)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("changes", [{"code_verifier": "guessed"}, {"redirect_uri": f"{CALLBACK}/"}, {"code": "made-up"}])
async def test_a_stolen_code_opens_nothing_and_is_spent_by_the_try(luxtrust: Espace, changes: dict[str, str]):
    code = await luxtrust.logs_in()
    answer = await luxtrust.redeems(**{"code": code, **changes})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert (await luxtrust.redeems(code)).is_success is ("code" in changes)


async def test_a_code_of_one_provider_is_none_at_another(luxtrust: Espace, eidas: Espace):
    answer = await eidas.redeems(await luxtrust.logs_in(), redirect_uri=luxtrust.callback)
    assert answer.json()["error"] == "invalid_grant"


@pytest.mark.parametrize("header", ["Basic !", "Basic /w==", "Bearer abc", "", "Basic ZXNwYWNlOndyb25n"])
async def test_only_the_client_redeems(luxtrust: Espace, header: str):
    code = await luxtrust.logs_in()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": "x"}
    answer = await luxtrust.http.post("/luxtrust/token", data=form, headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"] == "Basic"
    assert (await luxtrust.redeems(code)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"), [({"grant_type": "password"}, "unsupported_grant_type"), ({"code_verifier": ""}, "invalid_request")]
)
async def test_another_grant_or_a_missing_part_is_refused(luxtrust: Espace, changes: dict[str, str], error: str):
    answer = await luxtrust.redeems(await luxtrust.logs_in(), **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_part_sent_twice_to_the_token_endpoint_is_refused(luxtrust: Espace):
    answer = await luxtrust.http.post(
        "/luxtrust/token", content="grant_type=authorization_code&code=a&code=b", auth=("espace", "the client's secret")
    )
    assert answer.json()["error"] == "invalid_request"


async def test_there_are_three_providers_and_no_fourth(luxtrust: Espace):
    for provider in ("luxtrust", "eid", "eidas"):
        assert (await luxtrust.http.get(f"/{provider}/.well-known/openid-configuration")).status_code == 200
    assert (await luxtrust.http.get("/itsme/.well-known/openid-configuration")).status_code == 404
