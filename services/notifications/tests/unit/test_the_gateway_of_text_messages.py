from __future__ import annotations

import json
from collections.abc import Callable
from uuid import uuid5

import httpx
import pytest
from pydantic import ValidationError

from espace_contracts.vocabulary import Locale, NoticeMeans
from espace_notifications.app.ports import AddressGone, CarrierAway, MessageRefused
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.notice import Notice, NoticeKind
from espace_notifications.settings import Settings
from espace_notifications.sms.gateway import SmsGateway
from espace_notifications.wording.text_messages import TextMessages

from .desk import NUMBER, PERSON
from .world import IDS, NOON

NOTICE = Notice(
    id=uuid5(IDS, "notice"), insured=PERSON, kind=NoticeKind.DOCUMENT_AVAILABLE, locale=Locale.LUXEMBOURGISH, requested_at=NOON,
    next_try_at=NOON, means=NoticeMeans.SMS,
)  # fmt: skip
URL = "https://sms.example.test/v2/messages"
TEXTS = TextMessages.read()


def gateway(answer: Callable[[httpx.Request], httpx.Response], secret: Callable[[], str] = lambda: "s3cret") -> SmsGateway:
    return SmsGateway(httpx.AsyncClient(transport=httpx.MockTransport(answer)), URL, "CNS", secret, TEXTS)


async def test_a_message_is_handed_over_with_its_id_as_key_and_is_the_same_at_each_try():
    asked: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"data": {}})

    for _ in range(2):
        await gateway(take).notice(NOTICE, NUMBER)
    first, again = asked
    assert (first.method, str(first.url), first.headers["authorization"]) == ("POST", URL, "Bearer s3cret")
    assert first.headers["idempotency-key"] == str(NOTICE.id)
    assert json.loads(first.content) == {"from": "CNS", "to": NUMBER, "text": TEXTS.text(NOTICE.kind, NOTICE.locale)}
    assert (first.content, first.headers["idempotency-key"]) == (again.content, again.headers["idempotency-key"])


async def test_a_code_is_handed_over_too():
    asked: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(202)

    code = ContactCode(
        id=uuid5(IDS, "code"), insured=PERSON, locale=Locale.FRENCH, requested_at=NOON, next_try_at=NOON, means=NoticeMeans.SMS,
        challenge=uuid5(IDS, "challenge"), address=NUMBER, expires_at=NOON,
    )  # fmt: skip
    await gateway(take).contact_code(code, NUMBER, "042817")
    assert json.loads(asked[0].content)["text"] == TEXTS.code_text("042817", NOON, Locale.FRENCH)


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (400, {"errors": [{"code": "40310", "title": f"Invalid 'to' address {NUMBER}"}]}, AddressGone),
        (422, {"errors": [{"code": "1"}, {"code": "40001"}]}, AddressGone),
        (400, {"errors": [{"code": "40302"}]}, MessageRefused),
        (400, {"errors": NUMBER}, MessageRefused),
        (422, {}, MessageRefused),
        (401, {}, CarrierAway),
        (402, {}, CarrierAway),
        (403, {}, CarrierAway),
        (404, {}, CarrierAway),
        (408, {}, CarrierAway),
        (409, {}, CarrierAway),
        (429, {}, CarrierAway),
        (302, {}, CarrierAway),
        (500, {"errors": [{"code": "40310"}]}, CarrierAway),
        (503, {}, CarrierAway),
    ],
)
async def test_what_the_gateway_answers_decides_what_becomes_of_the_message_and_is_not_quoted(status, body, raised):
    with pytest.raises((CarrierAway, MessageRefused)) as failure:
        await gateway(lambda _: httpx.Response(status, json=body)).notice(NOTICE, NUMBER)
    assert failure.type is raised
    assert NUMBER not in str(failure.value)


async def test_a_gateway_that_cannot_be_reached_is_tried_again():
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no route for {NUMBER}", request=request)

    def missing() -> str:
        raise FileNotFoundError

    with pytest.raises(CarrierAway, match=r"cannot be reached or broke off \(ConnectError\)"):
        await gateway(broken).notice(NOTICE, NUMBER)
    with pytest.raises(CarrierAway, match=r"The secret file sms-gateway\.secret is missing"):
        await gateway(lambda _: httpx.Response(200), missing).notice(NOTICE, NUMBER)


def test_numbers_and_codes_never_leave_in_clear():
    with pytest.raises(ValidationError, match="must begin with https"):
        Settings(sms_url="http://sms.example.test/messages")
    assert Settings(sms_url="http://127.0.0.1:8126/messages").sms_url.port == 8126


@pytest.mark.parametrize("sender", ["a@b.test\r\nBcc: c@d.test", f"{'a' * 32}@espace.test", "no address"])
def test_a_sender_that_no_notices_id_fits_into_stops_the_start(sender):
    with pytest.raises(ValidationError):
        Settings(mail_sender=sender)
