from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_identity.app.confirm_contact import NoCodeOpen, WrongCode
from espace_identity.app.request_contact_code import NotOnFile
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.contact import Contact, NotAnEmailAddress, PendingContact, TooManyCodes
from espace_kernel.access import Insured
from espace_kernel.problems import Problem


class ContactWish(BaseModel):
    """Where notices shall go."""

    email: str = Field(max_length=1000, description="an e-mail address", examples=["sophie.hoffmann@example.lu"])


class ChallengeView(BaseModel):
    """A code is on its way to the address."""

    challenge: UUID = Field(description="its id")
    expires_at: datetime = Field(description="until when the code counts")


class CodeTyped(BaseModel):
    """What the person read in the e-mail."""

    code: str = Field(max_length=20, description="six digits; spaces are ignored", examples=["042137"])


class ContactView(BaseModel):
    """Where notices go. A notice says that something waits in the eSpace, never what."""

    email: str = Field(description="the e-mail address", examples=["sophie.hoffmann@example.lu"])
    confirmed_at: datetime = Field(description="since when notices go there")


class PendingContactView(ChallengeView):
    """An address whose code is waited for."""

    email: str = Field(description="the e-mail address", examples=["sophie.hoffmann@example.lu"])


class AccountView(BaseModel):
    """What the person decided about their eSpace, and what is missing."""

    contact: ContactView | None = Field(description="where notices go; null before the first confirmation")
    pending: PendingContactView | None = Field(description="the address whose code is waited for")
    missing: list[Literal["contact"]] = Field(description="what the person should do first")


def routes(do: UseCases) -> APIRouter:
    """The routes of the account."""
    router = APIRouter()

    @router.get("/api/v1/account", operation_id="getAccount", summary="See where notices go, and what is missing")
    async def see(insured: Insured) -> AccountView:
        seen = await do.see_account(insured)
        return AccountView(
            contact=_contact(seen.contact) if seen.contact else None,
            pending=_pending(seen.pending) if seen.pending else None,
            missing=[] if seen.contact else ["contact"],
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
        with _told_as_problems():
            pending = await do.request_contact_code(insured, wish.email)
        return ChallengeView(challenge=pending.challenge, expires_at=pending.expires_at)

    @router.post(
        "/api/v1/account/contact/confirmation",
        operation_id="confirmContact",
        summary="Confirm the address by its code",
        responses={409: {"description": "No code is waited for."}, 422: {"description": "This is not the code."}},
    )
    async def confirm(typed: CodeTyped, insured: Insured) -> ContactView:
        with _told_as_problems():
            return _contact(await do.confirm_contact(insured, "".join(typed.code.split())))

    return router


@contextmanager
def _told_as_problems() -> Iterator[None]:
    try:
        yield
    except NotAnEmailAddress as error:
        raise Problem(422, "invalid-email", str(error)) from None
    except NotOnFile:
        raise Problem(404, "not-on-file", "The fund's file on you has not arrived in the eSpace yet. Try again in a few minutes.") from None
    except TooManyCodes as error:
        raise Problem(
            429, "contact-code-limit", "Several codes were sent already. Look for them, also under unwanted mail, or try again later.",
            headers={"Retry-After": str(int(error.wait.total_seconds()) + 1)},
        ) from None  # fmt: skip
    except WrongCode as error:
        raise Problem(
            422, "wrong-code", "This is not the code that was sent. Type the six digits of the newest e-mail.", tries_left=error.tries_left
        ) from None
    except NoCodeOpen:
        raise Problem(
            409, "no-code-open", "No code counts any more: its time is over, or there were too many wrong ones. Ask for a new one."
        ) from None


def _contact(contact: Contact) -> ContactView:
    return ContactView(email=contact.email, confirmed_at=contact.confirmed_at)


def _pending(pending: PendingContact) -> PendingContactView:
    return PendingContactView(challenge=pending.challenge, expires_at=pending.expires_at, email=pending.email)
