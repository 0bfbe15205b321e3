from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from espace_contracts.events import BankDetailsRecorded, PersonRecorded
from espace_contracts.vocabulary import InsuredId, Locale, PostalAddress

ADDRESS = PostalAddress(lines=("14, rue de la Gare", "L-4571 Oberkorn"), country="LU")


def person(insured: UUID, revision: int, *, given_name: str = "Sophie", address: PostalAddress | None = ADDRESS) -> PersonRecorded:
    return PersonRecorded(
        insured=InsuredId(insured), revision=revision, matricule="1983081246785", given_name=given_name, family_name="Hoffmann",
        date_of_birth=date(1983, 8, 12), address=address, locale=Locale.FRENCH,
    )  # fmt: skip


def bank_details(insured: UUID, revision: int, iban: str = "LU280019400644750000") -> BankDetailsRecorded:
    return BankDetailsRecorded(
        insured=InsuredId(insured), revision=revision, iban=iban, bic=None, holder="Sophie Hoffmann", since=date(2026, 3, 3)
    )


async def test_what_the_fund_told_is_shown_masked_and_dated(records):
    sophie = uuid4()
    await records.told(person(sophie, 1), bank_details(sophie, 1))
    details = (await records.shows("/api/v1/me/bank-details", sophie)).json()
    me = (await records.shows("/api/v1/me", sophie)).json()
    for shown in (me, details):
        assert timedelta(0) <= datetime.now(UTC) - datetime.fromisoformat(shown.pop("as_of")) < timedelta(minutes=5)
    assert me == {
        "matricule": "••••••••••785", "given_name": "Sophie", "family_name": "Hoffmann", "date_of_birth": "1983-08-12",
        "address": {"lines": ["14, rue de la Gare", "L-4571 Oberkorn"], "country": "LU"}, "locale": "fr",
    }  # fmt: skip
    assert details == {"iban": "LU28 •••• •••• •••• 0000", "bic": None, "holder": "Sophie Hoffmann", "since": "2026-03-03"}


async def test_a_revision_that_comes_late_or_twice_changes_nothing(records):
    sophie = uuid4()
    second = person(sophie, 2, given_name="new", address=None)
    await records.told(second, person(sophie, 1, given_name="old"), second)
    await records.told(bank_details(sophie, 2), bank_details(sophie, 1), bank_details(sophie, 3, "LU200020001000112233"))
    await records.shows("/api/v1/me/bank-details", sophie, iban="LU20 •••• •••• •••• 2233")
    me = await records.get("/api/v1/me", sophie)  # told before revision 3 of the bank details, so all of it was handled
    assert (me.json()["given_name"], me.json()["address"]) == ("new", None)


async def test_before_the_fund_told_anything_a_sentence_says_so(records):
    for path in ("/api/v1/me", "/api/v1/me/bank-details"):
        answer = await records.get(path, uuid4())
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-on-file")
        assert answer.headers["content-type"] == "application/problem+json"
        assert "has not told the eSpace" in answer.json()["detail"]


async def test_nobody_sees_anothers_file(records):
    sophie, luc = uuid4(), uuid4()
    await records.told(person(sophie, 1), person(luc, 1, given_name="Luc"))
    await records.shows("/api/v1/me", sophie)
    assert (await records.shows("/api/v1/me", luc)).json()["given_name"] == "Luc"
    assert (await records.get("/api/v1/me/bank-details", luc)).status_code == 404


async def test_a_login_at_the_level_low_sees_nothing(records):
    answer = await records.get("/api/v1/me", uuid4(), acr="http://eidas.europa.eu/LoA/low")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/level-of-assurance")


async def test_without_a_token_nothing_is_shown(records):
    for path in ("/api/v1/me", "/api/v1/me/bank-details"):
        assert (await records.http.get(path)).status_code == 401
