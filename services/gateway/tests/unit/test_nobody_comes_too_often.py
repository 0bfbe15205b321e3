from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from ipaddress import ip_network

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_gateway import wiring
from espace_gateway.domain.address import caller_of, is_operator
from espace_gateway.domain.operation import Operation, operations_of
from espace_gateway.domain.rates import CAPACITY, Allowances, Per, Rate, rates_for

from .conftest import opened

PROXIES = [ip_network("10.1.0.0/16"), ip_network("fd00:1::/32")]
LOGIN = Operation("GET", "/api/v1/login/{provider}", "identity")


def taken(allowances: Allowances, rate: Rate, caller: str, now: float) -> int:
    """How many pass at this moment."""
    count = 0
    while allowances.take(rate, caller, now) == 0:
        count += 1
    return count


@pytest.mark.parametrize("rate", Rate, ids=lambda rate: rate.name)
def test_as_many_as_the_table_says_pass_at_once_and_then_as_many_as_time_gives_back(rate):
    allowances = Allowances()
    assert taken(allowances, rate, "a", 1_000) == rate.count
    assert taken(allowances, rate, "b", 1_000) == rate.count, "callers do not share"
    wait = allowances.take(rate, "a", 1_000)
    assert wait == pytest.approx(rate.seconds / rate.count)
    assert allowances.take(rate, "a", 1_000 + wait) == 0
    assert taken(allowances, rate, "a", 1_000 + rate.seconds / 2 + wait) == rate.count // 2
    assert taken(allowances, rate, "a", 1_000_000) == rate.count


@given(st.lists(st.floats(0, 30), max_size=200))
def test_in_no_stretch_of_time_do_more_pass_than_at_once_and_given_back(pauses):
    allowances, now, passed = Allowances(), 0.0, []
    for pause in pauses:
        now += pause
        if allowances.take(Rate.CONTACT_CODE, "a", now) == 0:
            passed.append(now)
    rate = Rate.CONTACT_CODE
    for first, begin in enumerate(passed):
        for last, end in enumerate(passed[first:]):
            assert last + 1 <= rate.count + (end - begin) * rate.count / rate.seconds + 1e-3


def test_what_is_remembered_is_bounded_and_who_came_longest_ago_is_forgotten():
    allowances = Allowances(capacity=3)
    for caller in "abc":
        taken(allowances, Rate.CHALLENGE, caller, 0)
    taken(allowances, Rate.CHALLENGE, "a", 30)
    assert taken(allowances, Rate.CHALLENGE, "d", 30) == Rate.CHALLENGE.count
    assert len(allowances._full_at) == 3
    assert taken(allowances, Rate.CHALLENGE, "c", 30) == 1
    assert taken(allowances, Rate.CHALLENGE, "b", 30) == Rate.CHALLENGE.count
    assert CAPACITY < 100_000


def test_each_operation_keeps_the_general_rates_and_the_strict_ones_where_they_apply():
    assert list(rates_for(LOGIN, Per.ADDRESS)) == [Rate.LOGIN, Rate.ADDRESS]
    assert list(rates_for(replace(LOGIN, template="/api/v1/me"), Per.ADDRESS)) == [Rate.ADDRESS]
    assert list(rates_for(replace(LOGIN, method="PUT", template="/api/v1/account/contact"), Per.PERSON)) == [Rate.CONTACT_CODE, Rate.PERSON]


def test_whatever_sends_a_code_or_takes_one_keeps_a_rate_of_its_own():
    """By the API's description: a code is typed at .../confirmation, and sent by a PUT one step above."""
    described = operations_of(json.loads(files("espace_gateway").joinpath("assets/openapi.json").read_text(encoding="utf-8")))
    confirmed = [template.removesuffix("/confirmation") for template in described if template.endswith("/confirmation")]
    strictest = {
        means: {
            next(rates_for(operation, Per.PERSON)) for operation in (described[means]["PUT"], described[f"{means}/confirmation"]["POST"])
        }
        for means in confirmed
    }
    assert strictest == {"/api/v1/account/contact": {Rate.CONTACT_CODE}, "/api/v1/account/mobile": {Rate.MOBILE_CODE}}


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "caller"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "198.51.100.1 , 10.1.9.9", "198.51.100.1"),
        ("10.1.2.3", "10.1.2.4", "10.1.2.4"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", "rubbish", "unknown"),
        ("10.1.2.3", "198.51.100.1, rubbish", "unknown"),
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "", "2001:db8:1:2::/64"),
        ("fd00:1::1", "2001:db8:9:9::1", "2001:db8:9:9::/64"),
        ("", "", "unknown"),
    ],
)
def test_who_is_one_caller(peer, forwarded_for, caller):
    assert caller_of(peer, forwarded_for, PROXIES) == caller


@pytest.mark.parametrize(
    ("peer", "forwarded", "operator"),
    [
        ("127.0.0.1", False, True),
        ("192.168.4.5", False, True),
        ("::1", False, True),
        ("127.0.0.1", True, False),
        ("10.1.2.3", False, False),
        ("203.0.114.7", False, False),
        ("", False, False),
    ],
)
def test_operators_come_from_within_and_straight(peer, forwarded, operator):
    assert is_operator(peer, PROXIES, forwarded=forwarded) is operator


def refused(answer: httpx.Response, rate: Rate) -> bool:
    """Whether this is the refusal of who came too often, with all it must say."""
    if answer.status_code != 429:
        return False
    name, wait = rate.name.lower().replace("_", "-"), answer.headers["retry-after"]
    assert answer.json()["type"] == "/problems/too-many-requests"
    assert f"{wait} s" in answer.json()["detail"]
    assert answer.headers["ratelimit-policy"] == f'"{name}";q={rate.count};w={rate.seconds}'
    assert answer.headers["ratelimit"] == f'"{name}";r=0;t={wait}'
    return 0 < int(wait) <= rate.seconds


class NearlySpent(Allowances):
    """Each caller may come three times more, and time stands still."""

    def take(self, rate: Rate, caller: str, now: float) -> float:
        self._full_at.setdefault((rate, caller), rate.seconds * (1 - 3 / rate.count))
        return super().take(rate, caller, 0.0)


@pytest.fixture
def nearly_spent(monkeypatch) -> None:
    monkeypatch.setattr(wiring, "Allowances", NearlySpent)


@pytest.mark.usefixtures("nearly_spent")
async def test_a_person_who_comes_too_often_waits_and_others_do_not(tmp_path):
    async with opened(tmp_path, rate_limits=True, proxies=["127.0.0.0/8"]) as door:
        answers = [await door.get("/api/v1/me", **{"x-forwarded-for": f"198.51.100.{number}"}) for number in range(4)]
        assert [answer.status_code for answer in answers[:3]] == [200, 200, 200]
        assert refused(answers[3], Rate.PERSON)
        other, _ = door.identity.logs_in()
        headers = {"cookie": f"espace={other}", "x-forwarded-for": "198.51.100.9"}
        assert (await door.http.get("/api/v1/me", headers=headers)).status_code == 200
        assert len(door.records.heard) == 4


async def test_who_mistypes_a_mobile_number_or_its_code_too_often_waits_and_still_gets_codes_by_mail(tmp_path):
    async with opened(tmp_path, rate_limits=True) as door:

        async def ask(method: str, path: str) -> httpx.Response:
            return await door.http.request(method, f"/api/v1/account/{path}", headers=door.cookie, json={})

        asked = [
            await ask(*how) for how in (("PUT", "mobile"), ("POST", "mobile/confirmation")) for _ in range(Rate.MOBILE_CODE.count // 2)
        ]
        assert all(answer.is_success for answer in asked)
        assert refused(await ask("PUT", "mobile"), Rate.MOBILE_CODE), "codes that are sent and codes that are typed count together"
        assert refused(await ask("POST", "mobile/confirmation"), Rate.MOBILE_CODE)
        assert (await ask("PUT", "contact")).is_success


@pytest.mark.usefixtures("nearly_spent")
async def test_an_address_that_asks_too_often_waits_and_others_do_not(tmp_path):
    async with opened(tmp_path, rate_limits=True, proxies=["127.0.0.0/8"]) as door:
        answers = [await door.http.get("/api/v1/me", headers={"x-forwarded-for": "198.51.100.1"}) for _ in range(4)]
        assert [answer.status_code for answer in answers[:3]] == [401, 401, 401]
        assert refused(answers[3], Rate.ADDRESS)
        assert (await door.http.get("/api/v1/me", headers={"x-forwarded-for": "198.51.100.2"})).status_code == 401
        assert (await door.http.get("/api/v1/me", headers={"x-forwarded-for": "198.51.100.1, 198.51.100.2"})).status_code == 401


@pytest.mark.usefixtures("nearly_spent")
async def test_without_a_proxy_of_ours_nobody_gets_a_new_address_by_claiming_one(tmp_path):
    async with opened(tmp_path, rate_limits=True) as door:
        answers = [await door.http.get("/api/v1/me", headers={"x-forwarded-for": f"198.51.100.{number}"}) for number in range(4)]
    assert refused(answers[3], Rate.ADDRESS)


async def test_counting_can_be_left_off_only_where_no_real_persons_come(tmp_path):
    with pytest.raises(ValueError, match="for tests on http alone"):
        async with opened(tmp_path, public_url="https://espace.example.lu", rate_limits=False):
            pass


async def test_what_operators_read_is_not_found_from_outside(tmp_path):
    async with opened(tmp_path, proxies=["10.0.0.0/8"]) as door:
        for path in ("/livez", "/readyz", "/metrics", "/internal/openapi.json"):
            within = await door.http.get(path)
            through = await door.http.get(path, headers={"x-forwarded-for": "198.51.100.1"})
            assert within.status_code in (200, 503), path
            assert (through.status_code, through.json()["type"]) == (404, "/problems/not-found"), path
            assert through.headers["content-security-policy"].startswith("default-src 'none'")
