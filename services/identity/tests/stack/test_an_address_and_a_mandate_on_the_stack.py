from __future__ import annotations

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from espace_contracts.events import (
    ContactCodeRequested,
    ContactConfirmed,
    FamilyRecorded,
    LetterPosted,
    MobileCodeRequested,
    MobileConfirmed,
    NoticeBounced,
    ProcedureForwarded,
)
from espace_contracts.events.family_recorded_v1 import FamilyMember
from espace_contracts.vocabulary import (
    DocumentId,
    InsuredId,
    LetterId,
    Locale,
    NoticeMeans,
    PrintRunId,
    ProcedureId,
    ProcedureKind,
    Relation,
)
from espace_kernel.clock import utc_now

from .conftest import GATEWAY, NOTIFICATIONS, new_matricule, until


async def test_an_address_is_confirmed_by_the_code_that_notifications_alone_may_fetch(identity, accounts_topic):
    person = await identity.on_file()
    headers = await identity.bearer(await identity.logged_in(person))
    wanted = await identity.http.put("/api/v1/account/contact", json={"email": "first@example.lu"}, headers=headers)
    assert wanted.status_code == 202
    [told] = await accounts_topic.of(person.insured, ContactCodeRequested, 1)
    assert (told["challenge"], told["email"], told["locale"]) == (wanted.json()["challenge"], "first@example.lu", "fr")
    address = f"/internal/contact-codes/{told['challenge']}"
    assert (await identity.http.get(address)).status_code == 401
    assert (await identity.http.get(address, headers=headers)).status_code == 403
    refused = await identity.http.get(address, headers=await identity.service_token(GATEWAY))
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/notifications-only")
    code = (await identity.http.get(address, headers=await identity.service_token(NOTIFICATIONS))).json()["code"]
    assert not any(str(value) == code for value in told.values())
    confirmed = await identity.http.post("/api/v1/account/contact/confirmation", json={"code": code}, headers=headers)
    assert (confirmed.status_code, confirmed.json()["email"]) == (200, "first@example.lu")
    [told] = await accounts_topic.of(person.insured, ContactConfirmed, 1)
    assert (told["email"], told["revision"], told["locale"]) == ("first@example.lu", 1, "fr")
    gone = await identity.http.get(address, headers=await identity.service_token(NOTIFICATIONS))
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/no-such-code")


async def test_a_number_is_confirmed_shown_as_bounced_confirmed_anew_and_removed(identity, accounts_topic):
    person = await identity.on_file()
    headers = await identity.bearer(await identity.logged_in(person))
    number = f"+352621{uuid4().int % 10**6:06d}"
    for revision in (1, 2):
        wanted = await identity.http.put("/api/v1/account/mobile", json={"mobile": number}, headers=headers)
        assert wanted.status_code == 202
        told = (await accounts_topic.of(person.insured, MobileCodeRequested, revision))[-1]
        assert (told["challenge"], told["mobile"]) == (wanted.json()["challenge"], number)
        address = f"/internal/contact-codes/{told['challenge']}"
        code = (await identity.http.get(address, headers=await identity.service_token(NOTIFICATIONS))).json()["code"]
        confirmed = await identity.http.post("/api/v1/account/mobile/confirmation", json={"code": code}, headers=headers)
        assert (confirmed.status_code, confirmed.json()["mobile"], confirmed.json()["bounced_at"]) == (200, number, None)
        await identity.told(
            NoticeBounced(
                insured=person.insured, notice=uuid4(), means=NoticeMeans.SMS, contact_revision=revision, bounced_at=utc_now()
            )
        )  # fmt: skip
        await until(lambda: _bounced(identity, headers))
    assert (await identity.http.delete("/api/v1/account/mobile", headers=headers)).status_code == 204
    assert (await identity.http.get("/api/v1/account", headers=headers)).json()["mobile"] is None
    told = await accounts_topic.of(person.insured, MobileConfirmed, 3)
    assert [(each["revision"], each["mobile"]) for each in told] == [(1, number), (2, number), (3, None)]
    assert (await identity.http.put("/api/v1/account/mobile", json={"mobile": number}, headers=headers)).status_code == 202
    refused = await identity.http.put("/api/v1/account/mobile", json={"mobile": number}, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/contact-code-limit")
    other = await identity.bearer(await identity.logged_in(await identity.on_file()))
    assert (await identity.http.put("/api/v1/account/mobile", json={"mobile": number}, headers=other)).status_code == 429


async def _bounced(identity, headers) -> bool:
    account = (await identity.http.get("/api/v1/account", headers=headers)).json()
    return account["mobile"]["bounced_at"] is not None


async def test_wrong_codes_are_counted_however_many_come_at_once(identity):
    person = await identity.on_file()
    headers = await identity.bearer(await identity.logged_in(person))
    challenge = (await identity.http.put("/api/v1/account/contact", json={"email": "a@example.lu"}, headers=headers)).json()["challenge"]
    notifications = await identity.service_token(NOTIFICATIONS)
    code = (await identity.http.get(f"/internal/contact-codes/{challenge}", headers=notifications)).json()["code"]

    async def guess(number: int):
        typed = f"{(int(code) + number) % 10**6:06d}"
        return await identity.http.post("/api/v1/account/contact/confirmation", json={"code": typed}, headers=headers)

    answers = await asyncio.gather(*(guess(number) for number in range(1, 13)))
    assert [answer.status_code for answer in answers].count(422) <= 4
    while (await guess(1)).status_code == 422:
        pass
    assert (await guess(0)).status_code == 409


@pytest.mark.parametrize("email", ["nothing", "two words@example.lu"])
async def test_what_is_no_address_gets_a_sentence_that_helps(identity, email):
    headers = await identity.bearer(await identity.logged_in(await identity.on_file()))
    answer = await identity.http.put("/api/v1/account/contact", json={"email": email}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-email")
    assert "name@example.lu" in answer.json()["detail"]


async def test_the_account_wants_a_persons_token(identity):
    for headers, status in (({}, 401), (await identity.service_token(NOTIFICATIONS), 403)):
        answer = await identity.http.put("/api/v1/account/contact", json={"email": "a@example.lu"}, headers=headers)
        assert answer.status_code == status


async def acting(identity, browser, represented, service="documents"):
    return await identity.token_for(browser.session, on_behalf_of=str(represented), service=service, operation="listDocuments")


async def test_a_mandate_opens_what_it_says_from_its_acceptance_to_its_end(identity):
    giver, holder = await identity.on_file(), await identity.on_file(given_name="Paul", family_name="Weber")
    givers, holders = await identity.logged_in(giver), await identity.logged_in(holder)
    headers, theirs = await identity.bearer(givers), await identity.bearer(holders)
    wish = {"holder_matricule": holder.matricule, "scopes": ["documents"]}
    keyed = headers | {"idempotency-key": str(uuid4())}
    first, again = [await identity.http.post("/api/v1/mandates", json=wish, headers=keyed) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    mandate = first.json()["mandate"]
    assert (first.json()["state"], first.json()["other"]) == ("proposed", None)
    assert (await acting(identity, holders, giver.insured)).json()["type"] == "/problems/no-mandate"

    accepted = await identity.http.post(f"/api/v1/mandates/{mandate}/acceptance", headers=theirs)
    assert (accepted.status_code, accepted.json()["insured"], accepted.json()["other"]) == (200, str(giver.insured), "Sophie Hoffmann")
    assert (await identity.http.post(f"/api/v1/mandates/{mandate}/acceptance", headers=headers)).status_code == 404
    token = (await acting(identity, holders, giver.insured)).json()
    principal = await identity.kernel.verifier.verify(token["token"])
    assert (principal.insured, principal.acting, principal.scopes) == (giver.insured, holder.insured, {"documents"})
    assert (await acting(identity, holders, giver.insured, "records")).status_code == 403
    seen = (await identity.http.get("/api/v1/accesses", headers=headers)).json()["accesses"]
    assert [(each["kind"], each["name"], each["details"]) for each in seen if each["actor"] == "mandate_holder"] == [
        ("by_mandate", "Paul Weber", {"service": "documents", "operation": "listDocuments"})
    ]

    nobody = await identity.http.get("/api/v1/mandates", headers={"authorization": f"Bearer {token['token']}"})
    assert (nobody.status_code, nobody.json()["type"]) == (403, "/problems/no-mandate")
    assert (await identity.http.delete(f"/api/v1/mandates/{mandate}", headers=headers)).status_code == 204
    assert (await acting(identity, holders, giver.insured)).status_code == 403
    listed = (await identity.http.get("/api/v1/mandates", headers=theirs)).json()
    assert [(each["state"], each["insured"]) for each in listed["held"]] == [("ended", None)]
    assert [move["step"] for move in listed["held"][0]["moves"]] == ["given", "accepted", "ended"]
    stranger = await identity.bearer(await identity.logged_in(await identity.on_file()))
    assert (await identity.http.delete(f"/api/v1/mandates/{mandate}", headers=stranger)).status_code == 404


async def test_a_mandate_that_cannot_be_given_says_why(identity):
    giver = await identity.on_file()
    headers = await identity.bearer(await identity.logged_in(giver)) | {"idempotency-key": str(uuid4())}
    wish = {"holder_matricule": giver.matricule, "scopes": ["documents"], "until": "2030-01-31"}
    answer = await identity.http.post("/api/v1/mandates", json=wish, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/mandate-refused")
    assert "your own matricule" in answer.json()["detail"]


async def test_a_parent_acts_for_a_child_until_the_family_on_file_changes_or_the_parent_renounces(identity):
    parent = await identity.on_file()
    children = tuple(
        FamilyMember(
            person=InsuredId(uuid4()), matricule=new_matricule(), given_name=name, family_name="Hoffmann", date_of_birth=born,
            relation=Relation.CHILD, coinsured_from=None, coinsured_until=None, represented=represented,
        )
        for name, born, represented in (
            ("Lou", date(2020, 1, 1), True),
            ("Mia", date(2021, 1, 1), True),
            ("Max", date(2000, 1, 1), True),
            ("Tom", date(2020, 1, 1), False),
        )
    )  # fmt: skip
    families = identity.kernel.database["families"]
    await identity.told(FamilyRecorded(insured=parent.insured, revision=1, members=children))
    await until(lambda: families.find_one({"_id": parent.insured}))
    browser = await identity.logged_in(parent)
    headers = await identity.bearer(browser)
    listed = (await identity.http.get("/api/v1/mandates", headers=headers)).json()["parental"]
    assert [(each["name"], each["comes_of_age"], each["renounced"]) for each in listed] == [
        ("Lou Hoffmann", "2038-01-01", False),
        ("Mia Hoffmann", "2039-01-01", False),
    ]
    assert [(await acting(identity, browser, child.person)).status_code for child in children] == [200, 200, 403, 403]
    assert (await identity.http.delete(f"/api/v1/mandates/{listed[1]['mandate']}", headers=headers)).status_code == 204
    await identity.told(FamilyRecorded(insured=parent.insured, revision=2, members=children[:3]))
    await until(lambda: families.find_one({"_id": parent.insured, "revision": 2}))
    assert [(await acting(identity, browser, child.person)).status_code for child in children] == [200, 403, 403, 403]
    await identity.told(FamilyRecorded(insured=parent.insured, revision=3, members=()))
    await until(lambda: families.find_one({"_id": parent.insured, "revision": 3}))
    await identity.told(FamilyRecorded(insured=parent.insured, revision=2, members=children))
    assert [(await acting(identity, browser, child.person)).status_code for child in children] == [403] * 4


async def test_who_looked_at_the_data_is_listed_page_by_page(identity):
    person = await identity.on_file()
    browser = await identity.logged_in(person)
    procedure, letter = ProcedureId(uuid4()), LetterId(uuid4())
    await identity.told(
        ProcedureForwarded(
            insured=person.insured, procedure=procedure, kind=ProcedureKind.BANK_DETAILS_CHANGE, submission=1, locale=Locale.FRENCH,
            answers={}, attachments=(),
        ),
        LetterPosted(
            insured=person.insured, letter=letter, document=DocumentId(uuid4()), print_run=PrintRunId(uuid4()), posted_at=utc_now()
        ),
    )  # fmt: skip
    headers = await identity.bearer(browser)

    async def page(**query: object):
        return (await identity.http.get("/api/v1/accesses", params=query, headers=headers)).json()

    async def all_there():
        found = (await page())["accesses"]
        return found if len(found) == 3 else None

    whole = await until(all_there)
    assert {each["kind"] for each in whole} == {"login", "procedure_received", "letter_printed"}
    first = await page(limit=2)
    second = await page(limit=2, cursor=first["next_cursor"])
    assert (first["accesses"] + second["accesses"], second["next_cursor"]) == (whole, None)
    wrong = await identity.http.get("/api/v1/accesses", params={"cursor": "made-up"}, headers=headers)
    assert wrong.status_code == 422
