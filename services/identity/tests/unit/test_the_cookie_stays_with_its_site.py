from __future__ import annotations

import pytest
from fastapi import Response
from pydantic import ValidationError

from espace_identity.api.cookie import LoginCookie, SessionCookie
from espace_identity.settings import Settings


def given(cookie: SessionCookie) -> str:
    response = Response()
    cookie.give(response, "the-secret")
    return response.headers["set-cookie"]


def test_over_https_no_script_no_other_host_and_no_clear_line_gets_the_cookie():
    assert given(SessionCookie(secure=True)) == "__Host-espace=the-secret; HttpOnly; Path=/; SameSite=lax; Secure"


def test_on_this_machine_alone_it_goes_without_https():
    assert given(SessionCookie(secure=False)) == "espace=the-secret; HttpOnly; Path=/; SameSite=lax"


@pytest.mark.parametrize("secure", [True, False])
def test_at_logout_the_browser_forgets_it(secure):
    response = Response()
    SessionCookie(secure=secure).take_back(response)
    assert 'espace="";' in response.headers["set-cookie"]
    assert "Max-Age=0" in response.headers["set-cookie"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "https://espace.example.lu"])
def test_these_addresses_may_be_public(url, monkeypatch):
    monkeypatch.setenv("ESPACE_PUBLIC_URL", url)
    assert str(Settings().public_url) == f"{url}/"


@pytest.mark.parametrize("url", ["http://espace.example.lu", "http://127.0.0.1.example.lu", "http://192.168.1.7:8080"])
def test_a_clear_line_to_another_machine_is_refused_at_the_start(url, monkeypatch):
    monkeypatch.setenv("ESPACE_PUBLIC_URL", url)
    with pytest.raises(ValidationError, match="must begin with https"):
        Settings()


def test_the_login_under_way_is_bound_as_tightly_and_for_a_short_time():
    response = Response()
    LoginCookie(secure=True).give(response, "the-secret")
    assert response.headers["set-cookie"] == "__Host-espace-login=the-secret; HttpOnly; Max-Age=900; Path=/; SameSite=lax; Secure"
