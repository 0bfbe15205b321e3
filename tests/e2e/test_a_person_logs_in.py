from __future__ import annotations

import pytest

from espace_embedded.login import Identity

LEVELS = "http://eidas.europa.eu/LoA/"


@pytest.mark.parametrize(("provider", "level"), [("luxtrust", "substantial"), ("eid", "high")])
async def test_a_national_provider_says_who_it_is_and_how_surely(espace, provider, level):
    person = await espace.not_logged_in()
    assert (await person.asks("GET", "/api/v1/me")).status_code == 401
    await person.logs_in(provider, level)
    session = await person.looks_at("session")
    assert (session["provider"], session["acr"]) == (provider, f"{LEVELS}{level}")
    assert (await person.looks_at("me"))["family_name"] == person.file.family_name


async def test_a_foreign_card_is_linked_once_and_a_new_card_anew(espace):
    person = await espace.not_logged_in()
    for card in (1, 2):
        await person.links(card)
        assert (await person.looks_at("session"))["acr"] == f"{LEVELS}substantial"
        await person.logs_out()
        assert (await person.asks("GET", "/api/v1/me")).status_code == 401
        answer = await person.tries_to_log_in(Identity(person.file.matricule, "eidas", card=card))
        assert answer.status_code == 302, answer.text
    replaced = await person.tries_to_log_in(Identity(person.file.matricule, "eidas", card=1))
    assert replaced.json()["type"] == "/problems/identity-replaced"


@pytest.mark.parametrize("provider", ["luxtrust", "eid", "eidas"])
async def test_low_never_enters(espace, provider):
    person = await espace.not_logged_in()
    answer = await person.tries_to_log_in(Identity(person.file.matricule, provider, "low"))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/level-of-assurance")
    assert (await person.asks("GET", "/api/v1/me")).status_code == 401


async def test_nobody_logs_in_whom_the_fund_does_not_know_or_knows_to_have_died(espace):
    visitor = await espace.not_logged_in()
    await espace.fund.demo_persons()
    await espace.topics.are_quiet()
    for matricule, problem in (("2001022900188", "not-insured"), ("1893120105732", "person-deceased")):
        answer = await visitor.tries_to_log_in(Identity(matricule))
        assert answer.status_code == 403, answer.text
        assert answer.json()["type"] == f"/problems/{problem}"


async def test_a_step_up_takes_the_place_of_the_session_it_began_in(espace):
    person = await espace.insured_person(edelivery=False)
    (before,) = (await person.looks_at("sessions"))["sessions"]
    await person.steps_up()
    (after,) = (await person.looks_at("sessions"))["sessions"]
    assert after["session"] != before["session"]
    assert after["auth_time"] >= before["auth_time"]


async def test_a_logout_at_the_provider_acts_in_the_espace_at_once(espace):
    person = await espace.insured_person(edelivery=False)
    async with person.follows() as page:
        await person.logs_out_at_the_provider()
        assert await page.told("end") == {"reason": "session-ended"}
    assert (await person.asks("GET", "/api/v1/me")).status_code == 401


async def test_a_logout_everywhere_acts_on_every_device(espace):
    here = await espace.insured_person(edelivery=False)
    there = await espace.on_another_device(here)
    assert (await there.asks("GET", "/api/v1/me")).status_code == 200
    assert len((await here.looks_at("sessions"))["sessions"]) == 2

    assert (await here.asks("DELETE", "/api/v1/sessions")).status_code == 204
    for device in (here, there):
        assert (await device.asks("GET", "/api/v1/me")).status_code == 401


async def test_the_command_line_logs_in_too(espace):
    person = await espace.not_logged_in()
    code, output = await espace.command("login", person.file.matricule, "--provider", "eid", "--level", "high")
    assert code == 0, output
    name, _, value = output.strip().partition(": ")
    answer = await (await espace.stranger()).get("/api/v1/me", headers={name: value})
    assert answer.json()["family_name"] == person.file.family_name

    code, output = await espace.command("login", person.file.matricule, "--level", "low")
    assert (code, output) == (1, "This wants a login at the level substantial or higher. Log in with LuxTrust, eID or eIDAS.\n")
