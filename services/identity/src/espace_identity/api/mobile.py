from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_identity.api.challenges import ChallengeView, CodeTyped, told_as_problems
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.mobile import Mobile, PendingMobile
from espace_kernel.access import Insured

_NUMBER = Field(description="the number in E.164", examples=["+352621123456"])


class MobileWish(BaseModel):
    """Which phone shall be told of notices."""

    mobile: str = Field(
        max_length=100, description="a mobile number; without its country it is from Luxembourg", examples=["+352 621 123 456"]
    )


class MobileView(BaseModel):
    """The phone that is told of notices. A notice says that something waits in the eSpace, never what."""

    mobile: str = _NUMBER
    confirmed_at: datetime = Field(description="since when notices go there")
    bounced_at: datetime | None = Field(description="when a notice came back from there: none is sent until a number is confirmed anew")


class PendingMobileView(ChallengeView):
    """A number whose code is waited for."""

    mobile: str = _NUMBER


def routes(do: UseCases) -> APIRouter:
    """The routes of the mobile number."""
    router = APIRouter()

    @router.put(
        "/api/v1/account/mobile",
        status_code=202,
        operation_id="setMobile",
        summary="Say which phone is told of notices, beside the e-mail address",
        description=(
            "A six-digit code is sent to the number by text message. It counts for ten minutes, and any earlier code for a number no more. "
            "At most three codes a day are sent to a person, and to a number. A code comes at any hour, a notice "
            "from 8 to 20 o'clock, Luxembourg time."
        ),
        responses={
            404: {"description": "The fund's file has not arrived yet."},
            422: {"description": "This is no mobile number that is written to."},
            429: {"description": "Enough codes were sent for now."},
        },
    )
    async def set_mobile(wish: MobileWish, insured: Insured) -> ChallengeView:
        with told_as_problems():
            pending = await do.request_mobile_code(insured, wish.mobile)
        return ChallengeView(challenge=pending.challenge, expires_at=pending.expires_at)

    @router.post(
        "/api/v1/account/mobile/confirmation",
        operation_id="confirmMobile",
        summary="Confirm the number by its code",
        responses={409: {"description": "No code is waited for."}, 422: {"description": "This is not the code."}},
    )
    async def confirm(typed: CodeTyped, insured: Insured) -> MobileView:
        with told_as_problems():
            confirmed = shown(await do.confirm_mobile(insured, typed.digits))
        assert confirmed is not None, "a number was just confirmed"
        return confirmed

    @router.delete(
        "/api/v1/account/mobile",
        status_code=204,
        operation_id="removeMobile",
        summary="Tell no phone of notices any more",
        description="Notices still go to the e-mail address. Safe to repeat.",
    )
    async def remove(insured: Insured) -> None:
        await do.remove_mobile(insured)

    return router


def shown(mobile: Mobile | None) -> MobileView | None:
    """The number as the account shows it; None when there is none, or no more."""
    if mobile is None or mobile.number is None:
        return None
    return MobileView(mobile=mobile.number, confirmed_at=mobile.confirmed_at, bounced_at=mobile.bounced_at)


def shown_pending(pending: PendingMobile | None) -> PendingMobileView | None:
    """The number that waits for its code."""
    if pending is None:
        return None
    return PendingMobileView(challenge=pending.challenge, expires_at=pending.expires_at, mobile=pending.number)
