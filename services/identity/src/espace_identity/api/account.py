from __future__ import annotations

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_identity.api import mobile
from espace_identity.api.challenges import ChallengeView, CodeTyped, told_as_problems
from espace_identity.api.mobile import MobileView, PendingMobileView
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.contact import Contact, PendingContact
from espace_kernel.access import Insured


class ContactWish(BaseModel):
    """Where notices shall go."""

    email: str = Field(max_length=1000, description="an e-mail address", examples=["sophie.hoffmann@example.lu"])


class ContactView(BaseModel):
    """Where notices go. A notice says that something waits in the eSpace, never what."""

    email: str = Field(description="the e-mail address", examples=["sophie.hoffmann@example.lu"])
    confirmed_at: datetime = Field(description="since when notices go there")
    bounced_at: datetime | None = Field(description="when a notice came back from there: none is sent until an address is confirmed anew")


class PendingContactView(ChallengeView):
    """An address whose code is waited for."""

    email: str = Field(description="the e-mail address", examples=["sophie.hoffmann@example.lu"])


class AccountView(BaseModel):
    """What the person decided about their eSpace, and what is missing."""

    contact: ContactView | None = Field(description="where notices go; null before the first confirmation")
    pending: PendingContactView | None = Field(description="the address whose code is waited for")
    mobile: MobileView | None = Field(description="the phone that is told of notices too; null when there is none")
    pending_mobile: PendingMobileView | None = Field(description="the number whose code is waited for")
    missing: list[Literal["contact"]] = Field(description="what the person should do first: no address is confirmed, or notices came back")


def routes(do: UseCases) -> APIRouter:
    """The routes of the account."""
    router = APIRouter()

    @router.get("/api/v1/account", operation_id="getAccount", summary="See where notices go, and what is missing")
    async def see(insured: Insured) -> AccountView:
        seen = await do.see_account(insured)
        return AccountView(
            contact=_contact(seen.contact) if seen.contact else None,
            pending=_pending(seen.pending) if seen.pending else None,
            mobile=mobile.shown(seen.mobile),
            pending_mobile=mobile.shown_pending(seen.pending_mobile),
            missing=[] if seen.contact and seen.contact.bounced_at is None else ["contact"],
        )

    @router.put(
        "/api/v1/account/contact",
        status_code=202,
        operation_id="setContact",
        summary="Say where notices go",
        description="A six-digit code is sent to the address. It counts for ten minutes, and any earlier code counts no more.",
        responses={
            404: {"description": "The fund's file has not arrived yet."},
            422: {"description": "This is no e-mail address."},
            429: {"description": "Enough codes were sent for now."},
        },
    )
    async def set_contact(wish: ContactWish, insured: Insured) -> ChallengeView:
        with told_as_problems():
            pending = await do.request_contact_code(insured, wish.email)
        return ChallengeView(challenge=pending.challenge, expires_at=pending.expires_at)

    @router.post(
        "/api/v1/account/contact/confirmation",
        operation_id="confirmContact",
        summary="Confirm the address by its code",
        responses={409: {"description": "No code is waited for."}, 422: {"description": "This is not the code."}},
    )
    async def confirm(typed: CodeTyped, insured: Insured) -> ContactView:
        with told_as_problems():
            return _contact(await do.confirm_contact(insured, typed.digits))

    return router


def _contact(contact: Contact) -> ContactView:
    return ContactView(email=contact.email, confirmed_at=contact.confirmed_at, bounced_at=contact.bounced_at)


def _pending(pending: PendingContact) -> PendingContactView:
    return PendingContactView(challenge=pending.challenge, expires_at=pending.expires_at, email=pending.email)
