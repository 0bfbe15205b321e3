"""Logout at the provider ends the session there and tells the eSpace past the browser."""

from __future__ import annotations

import pytest

from .conftest import Espace, World

HOME = "http://127.0.0.1:8080/"


async def test_the_espace_is_told_which_session_ended(luxtrust: Espace, world: World):
    token = await luxtrust.id_token(await luxtrust.logs_in())
    _, claims = await luxtrust.verified(token)
    parameters = {"id_token_hint": token, "post_logout_redirect_uri": HOME, "state": "back"}
    answer = await luxtrust.http.get("/luxtrust/logout", params=parameters)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}?state=back")

    ((address, logout_token),) = world.told
    header, said = await luxtrust.verified(logout_token)
    assert address == "http://127.0.0.1:8080/api/v1/login/backchannel-logout/luxtrust"
    assert header["typ"] == "logout+jwt"
    assert [said[name] for name in ("iss", "aud", "sub", "sid")] == [claims[name] for name in ("iss", "aud", "sub", "sid")]
    assert said["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert said["jti"]
    assert "nonce" not in said
    assert (await luxtrust.asks()).status_code == 200, "the session here has ended"


async def test_the_session_may_be_named_by_its_id_alone(luxtrust: Espace, world: World):
    claims = await luxtrust.learns(await luxtrust.logs_in())
    parameters = {"client_id": "espace", "logout_hint": claims["sid"], "post_logout_redirect_uri": HOME}
    answer = await luxtrust.http.get("/luxtrust/logout", params=parameters)
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
    assert len(world.told) == 1


async def test_without_a_hint_the_person_is_asked_first(luxtrust: Espace, world: World):
    await luxtrust.logs_in()
    wish = {"client_id": "espace", "post_logout_redirect_uri": HOME, "ui_locales": "de"}
    page = await luxtrust.http.get("/luxtrust/logout", params={**wish, "confirmed": "yes"})
    assert page.status_code == 200
    assert "Abmelden von LuxTrust" in page.text
    assert world.told == []

    answer = await luxtrust.http.post("/luxtrust/logout", data={**wish, "confirmed": "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
    assert len(world.told) == 1


async def test_somebody_elses_hint_asks_first(luxtrust: Espace, world: World):
    token = await luxtrust.id_token(await luxtrust.logs_in())
    await luxtrust.logs_in()
    assert (await luxtrust.http.get("/luxtrust/logout", params={"id_token_hint": token})).status_code == 200
    assert (await luxtrust.http.get("/luxtrust/logout", params={"id_token_hint": f"{token}x"})).status_code == 200
    assert world.told == []


@pytest.mark.parametrize(
    "wish", [{"post_logout_redirect_uri": "https://elsewhere.example/"}, {"post_logout_redirect_uri": HOME[:-1]}, {"client_id": "another"}]
)
async def test_an_address_that_is_not_registered_is_never_gone_to(luxtrust: Espace, world: World, wish: dict[str, str]):
    token = await luxtrust.id_token(await luxtrust.logs_in())
    answer = await luxtrust.http.get("/luxtrust/logout", params={"id_token_hint": token, **wish})
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert world.told == []


async def test_a_second_logout_tells_nobody(luxtrust: Espace, world: World):
    token = await luxtrust.id_token(await luxtrust.logs_in())
    for _ in range(2):
        answer = await luxtrust.http.get("/luxtrust/logout", params={"id_token_hint": token, "ui_locales": "en"})
        assert "You are logged out" in answer.text
    assert len(world.told) == 1
