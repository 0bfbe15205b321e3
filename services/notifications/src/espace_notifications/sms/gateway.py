from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
from pydantic import BaseModel, ValidationError

from espace_notifications.app.ports import AddressGone, CarrierAway, MessageRefused
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.mailing import Mailing
from espace_notifications.domain.notice import Notice
from espace_notifications.wording.text_messages import TextMessages

SECRET_FILE = "sms-gateway.secret"  # noqa: S105  # its name, not what is in it
_TRY_SECONDS = 10.0
"""How long one message may take; less than the lease of a message."""
_LATER = frozenset({408, 409, 425, 429})
"""Answers that pass: the gateway was slow, has the same message in hand, or has too many."""
_REFUSES_US = frozenset({401, 402, 403, 404})
"""Answers that pass once an operator has put something right: the secret, the account, the address of the gateway."""
_NO_SUCH_NUMBER = frozenset({"40001", "40310"})
"""The gateway's own codes: a landline or a number that nothing can be routed to, and one that cannot be."""


class _Error(BaseModel):
    code: str


class _Errors(BaseModel):
    errors: list[_Error]


class SmsGateway:
    """Sends text messages through a gateway's HTTP API, that of Telnyx (developers.telnyx.com, POST /v2/messages): {from, to, text} as
    JSON, a bearer secret, and an Idempotency-Key.

    The key is the message's id, and the same message has the same content at each try, so that a gateway that took it sends no second one.
    Every call returns when the gateway took the message. Raises AddressGone when there is no such number, MessageRefused when the gateway
    never will take the message, else CarrierAway. No sentence quotes a number, nor the gateway's own words, which may.
    """

    def __init__(self, http: httpx.AsyncClient, url: str, sender: str, secret: Callable[[], str], wording: TextMessages) -> None:
        self._http, self._url, self._sender, self._secret, self._wording = http, url, sender, secret, wording

    async def notice(self, notice: Notice, address: str) -> None:
        """Tell that something waits."""
        await self._send(notice, address, self._wording.text(notice.kind, notice.locale))

    async def contact_code(self, mailing: ContactCode, address: str, code: str) -> None:
        """Tell the code that proves the number."""
        await self._send(mailing, address, self._wording.code_text(code, mailing.expires_at, mailing.locale))

    async def _send(self, mailing: Mailing, number: str, text: str) -> None:
        try:
            async with asyncio.timeout(_TRY_SECONDS):
                answer = await self._http.post(
                    self._url,
                    json={"from": self._sender, "to": number, "text": text},
                    headers={"Authorization": f"Bearer {self._secret()}", "Idempotency-Key": str(mailing.id)},
                )
        except FileNotFoundError:
            raise CarrierAway(f"The secret file {SECRET_FILE} is missing. Put it into the secrets' folder.") from None
        except (httpx.HTTPError, TimeoutError) as error:
            raise CarrierAway(f"The gateway of text messages cannot be reached or broke off ({type(error).__name__}).") from None
        if not answer.is_success:
            raise _failure(answer)


def _failure(answer: httpx.Response) -> CarrierAway | MessageRefused:
    status = answer.status_code
    if _says_no_such_number(answer):
        return AddressGone("There is no such number, says the gateway of text messages. Have the person confirm another one.")
    if status in _REFUSES_US:
        return CarrierAway(f"The gateway of text messages refuses us (HTTP {status}). Check its address, our account and {SECRET_FILE}.")
    if status in _LATER or status < httpx.codes.BAD_REQUEST or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return CarrierAway(f"The gateway of text messages asks to try again later (HTTP {status}).")
    return MessageRefused(f"The gateway of text messages refuses this message for good (HTTP {status}). Ask its operator why.")


def _says_no_such_number(answer: httpx.Response) -> bool:
    try:
        said = _Errors.model_validate_json(answer.content)
    except ValidationError:
        return False
    return answer.is_client_error and any(error.code in _NO_SUCH_NUMBER for error in said.errors)
