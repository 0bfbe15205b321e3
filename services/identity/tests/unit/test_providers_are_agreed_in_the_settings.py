from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from espace_contracts.vocabulary import Locale
from espace_identity.domain.assurance import HIGH, LOW, SUBSTANTIAL, reaches
from espace_identity.domain.provider import PROVIDERS, Maintenance, Provider
from espace_identity.settings import Settings

LUXTRUST = {
    "id": "luxtrust", "issuer": "https://login.example.lu/luxtrust", "client_id": "espace", "client_secret_file": "luxtrust.client-secret",
    "matricule_claim": "matricule",
}  # fmt: skip
EIDAS = LUXTRUST | {
    "id": "eidas",
    "issuer": "https://eidas.example.lu",
    "matricule_claim": None,
    "person_identifier_claim": "person_identifier",
}


def settings(monkeypatch, *providers: dict[str, object]) -> Settings:
    monkeypatch.setenv("ESPACE_PROVIDERS", json.dumps(providers))
    return Settings()


def test_providers_are_given_as_text_or_as_a_file_and_shown_in_the_order_of_the_page(monkeypatch, tmp_path):
    given = settings(monkeypatch, EIDAS, LUXTRUST).providers
    assert [provider.id for provider in given] == ["luxtrust", "eidas"]
    assert given[0].acr_values == (SUBSTANTIAL,)
    file = tmp_path / "providers.json"
    file.write_text(json.dumps([EIDAS, LUXTRUST]))
    monkeypatch.setenv("ESPACE_PROVIDERS", str(file))
    assert Settings().providers == given


@pytest.mark.parametrize("nothing", [None, "", "  ", "[]"])
def test_without_providers_nobody_logs_in_but_the_service_starts(monkeypatch, nothing):
    monkeypatch.delenv("ESPACE_PROVIDERS", raising=False)
    if nothing is not None:
        monkeypatch.setenv("ESPACE_PROVIDERS", nothing)
    assert Settings().providers == ()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"id": "facebook"}, "knows the providers luxtrust, eid, eidas"),
        ({"issuer": "http://login.example.lu"}, "An issuer is an https"),
        ({"issuer": "https://login.example.lu/"}, "without query, fragment or final slash"),
        ({"issuer": "https://login.example.lu?x=1"}, "An issuer is an https"),
        ({"acr_values": [LOW]}, "low never enters"),
        ({"acr_values": ["gold"]}, "Levels are"),
        ({"acr_values": []}, "at least 1 item"),
        ({"matricule_claim": None}, "set one of the two"),
        ({"person_identifier_claim": "person_identifier"}, "set one of the two"),
        ({"client_secret_file": "../secret"}, "String should match pattern"),
        ({"client_secret": "in clear"}, "Extra inputs are not permitted"),
    ],
)
def test_what_was_not_agreed_like_this_stops_the_start(monkeypatch, wrong, sentence):
    with pytest.raises(ValidationError, match=sentence):
        settings(monkeypatch, LUXTRUST | wrong)


def test_no_provider_comes_twice(monkeypatch):
    with pytest.raises(ValidationError, match="names a provider twice"):
        settings(monkeypatch, LUXTRUST, LUXTRUST)


@pytest.mark.parametrize(
    ("acr", "asked", "enters"),
    [
        (SUBSTANTIAL, (SUBSTANTIAL,), True),
        (HIGH, (SUBSTANTIAL,), True),
        (SUBSTANTIAL, (HIGH,), False),
        (SUBSTANTIAL, (HIGH, SUBSTANTIAL), True),
        (HIGH, (HIGH,), True),
        (LOW, (SUBSTANTIAL,), False),
        (LOW, (LOW,), False),
        (SUBSTANTIAL, (LOW,), True),
        (None, (SUBSTANTIAL,), False),
        (SUBSTANTIAL.upper(), (SUBSTANTIAL,), False),
    ],
)
def test_a_level_as_high_as_asked_for_enters_and_low_never_does(acr, asked, enters):
    assert reaches(acr, asked) is enters


def test_each_way_to_log_in_has_a_name_in_every_language():
    for provider in PROVIDERS:
        for locale in Locale:
            assert Provider(id=provider, issuer="", client_id="", acr_values=()).name(locale)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2026, 6, 5, 19, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 5, 20, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 6, 21, 58, tzinfo=UTC), True),
        (datetime(2026, 6, 6, 21, 59, tzinfo=UTC), False),
    ],
)
def test_a_maintenance_is_announced_a_day_ahead_until_it_is_over(now, told):
    window = Maintenance(datetime(2026, 6, 6, 20, 0, tzinfo=UTC), datetime(2026, 6, 6, 21, 59, tzinfo=UTC))
    provider = Provider(id="luxtrust", issuer="", client_id="", acr_values=(), maintenance=window)
    for locale in Locale:
        note = provider.note(locale, now)
        assert (note is not None) is told
        if note:
            assert "06.06.2026 22:00" in note
            assert "06.06.2026 23:59" in note
