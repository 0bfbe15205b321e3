"""A person says who they are, and the eSpace learns it."""

from __future__ import annotations

import pytest

from .conftest import CATHERINE, SOPHIE, Espace, World

LOW, SUBSTANTIAL, HIGH = (f"http://eidas.europa.eu/LoA/{level}" for level in ("low", "substantial", "high"))


async def test_the_espace_learns_who_logged_in_how_surely_and_when(luxtrust: Espace, world: World):
    header, claims = await luxtrust.verified(await luxtrust.id_token(await luxtrust.logs_in()))
    now = int(world.now.timestamp())
    assert header["alg"] == "ES256"
    assert claims.pop("sub")
    assert claims.pop("sid")
    assert claims == {
        "iss": "http://127.0.0.1:8108/luxtrust", "aud": "espace", "iat": now, "exp": now + 300, "nonce": "once", "auth_time": now,
        "acr": SUBSTANTIAL, "amr": ["mfa", "swk"], "given_name": "Sophie", "family_name": "Hoffmann", "birthdate": "1983-08-12",
        "matricule": SOPHIE.matricule,
    }  # fmt: skip


async def test_eidas_brings_no_matricule_but_an_identifier_that_changes_with_the_card(eidas: Espace):
    first = await eidas.learns(await eidas.logs_in(country="PT"))
    again = await eidas.learns(await eidas.logs_in(country="PT"))
    replaced = await eidas.learns(await eidas.logs_in(country="PT", card="2"))
    assert "matricule" not in first
    assert first["person_identifier"].startswith("PT/LU/")
    assert SOPHIE.matricule not in str(first)
    assert [first[name] for name in ("sub", "person_identifier")] == [again[name] for name in ("sub", "person_identifier")]
    assert first["person_identifier"] != replaced["person_identifier"]
    assert first["sub"] != replaced["sub"]
    assert first["birthdate"] == replaced["birthdate"] == "1983-08-12"


async def test_a_person_is_known_to_each_provider_by_another_name(luxtrust: Espace, eidas: Espace):
    assert (await luxtrust.learns(await luxtrust.logs_in()))["sub"] != (await eidas.learns(await eidas.logs_in()))["sub"]


@pytest.mark.parametrize(("level", "acr"), [("low", LOW), ("substantial", SUBSTANTIAL), ("high", HIGH)])
async def test_the_level_is_the_one_that_was_picked(luxtrust: Espace, level: str, acr: str):
    assert (await luxtrust.learns(await luxtrust.logs_in(level=level)))["acr"] == acr


async def test_a_typed_matricule_counts_more_than_the_person_picked(luxtrust: Espace):
    code = await luxtrust.logs_in(SOPHIE, matricule=" 1893 1201-05732 ")
    assert (await luxtrust.learns(code))["given_name"] == CATHERINE.given_name


async def test_somebody_whom_the_fund_does_not_know_can_log_in_here_too(luxtrust: Espace):
    claims = await luxtrust.learns(await luxtrust.logs_in(matricule="1990010112043"))
    assert claims["matricule"] == "1990010112043"
    assert claims["family_name"] == "Example"


async def test_the_answer_says_who_answers_and_repeats_the_state(luxtrust: Espace):
    answer = luxtrust.answered(await luxtrust.sends_page({"person": SOPHIE.matricule, "level": "high"}))
    assert answer.keys() == {"code", "state", "iss"}
    assert (answer["state"], answer["iss"]) == ("st&te", luxtrust.issuer)


async def test_a_person_who_cancels_is_not_logged_in(luxtrust: Espace):
    answer = luxtrust.answered(await luxtrust.sends_page({"decision": "cancel", "person": SOPHIE.matricule, "level": "high"}))
    assert (answer["error"], answer["state"], answer["iss"]) == ("access_denied", "st&te", luxtrust.issuer)
    assert (await luxtrust.asks()).status_code == 200


@pytest.mark.parametrize("form", [{"level": "highest"}, {}, {"level": "high", "country": "US"}, {"level": "high", "card": "x"}])
async def test_a_choice_that_the_page_does_not_offer_is_refused(luxtrust: Espace, form: dict[str, str]):
    answer = luxtrust.answered(await luxtrust.sends_page({"person": SOPHIE.matricule, **form}))
    assert answer["error"] == "invalid_request"


async def test_whoever_is_logged_in_is_not_asked_again(luxtrust: Espace, world: World):
    first = await luxtrust.learns(await luxtrust.logs_in())
    world.passes(minutes=20)
    again = await luxtrust.learns(luxtrust.answered(await luxtrust.asks())["code"])
    assert again["auth_time"] == first["auth_time"]
    assert again["sid"] == first["sid"]
    assert again["iat"] == first["iat"] + 1200


@pytest.mark.parametrize("demand", [{"prompt": "login"}, {"max_age": "600"}, {"max_age": "0"}, {"acr_values": HIGH}])
async def test_a_demand_that_the_earlier_login_does_not_meet_asks_again(luxtrust: Espace, world: World, demand: dict[str, str]):
    first = await luxtrust.learns(await luxtrust.logs_in())
    world.passes(seconds=601)
    assert (await luxtrust.asks(**demand)).status_code == 200
    answer = await luxtrust.sends_page({"person": SOPHIE.matricule, "level": "high"}, **demand)
    again = await luxtrust.learns(luxtrust.answered(answer)["code"])
    assert again["auth_time"] == first["auth_time"] + 601
    assert again["sid"] != first["sid"]


@pytest.mark.parametrize("demand", [{"max_age": "600"}, {"acr_values": f"{SUBSTANTIAL} {HIGH}"}, {"acr_values": LOW}, {"prompt": "none"}])
async def test_a_demand_that_the_earlier_login_meets_asks_nobody(luxtrust: Espace, world: World, demand: dict[str, str]):
    await luxtrust.logs_in()
    world.passes(seconds=600)
    assert "code" in luxtrust.answered(await luxtrust.asks(**demand))


async def test_where_nobody_may_be_asked_and_nobody_is_logged_in_the_client_is_told(luxtrust: Espace):
    assert luxtrust.answered(await luxtrust.asks(prompt="none"))["error"] == "login_required"


async def test_a_session_here_ends_after_a_working_day(luxtrust: Espace, world: World):
    await luxtrust.logs_in()
    world.passes(hours=8)
    assert (await luxtrust.asks()).status_code == 200


async def test_a_session_at_one_provider_is_none_at_another(luxtrust: Espace, eidas: Espace):
    await luxtrust.logs_in()
    secret = next(cookie.value for cookie in luxtrust.http.cookies.jar if cookie.name == "identity-provider-luxtrust")
    luxtrust.http.cookies.set("identity-provider-eidas", str(secret), path="/eidas")
    assert (await eidas.asks()).status_code == 200


async def test_a_request_may_come_by_a_form(luxtrust: Espace):
    assert (await luxtrust.http.post("/luxtrust/authorize", data=luxtrust.request())).status_code == 200
    await luxtrust.logs_in()
    assert "code" in luxtrust.answered(await luxtrust.http.post("/luxtrust/authorize", data=luxtrust.request()))
