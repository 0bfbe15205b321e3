from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_identity.app.confirm_contact import NotOnFile
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.account import NotAnEmailAddress
from espace_kernel.access import Insured
from espace_kernel.problems import Problem


class ContactWish(BaseModel):
    """Where notices shall go."""

    email: str = Field(description="an e-mail address", examples=["sophie.hoffmann@example.lu"])


class ContactView(BaseModel):
    """Where notices go. A notice says that something waits in the eSpace, never what."""

    email: str = Field(description="the e-mail address", examples=["sophie.hoffmann@example.lu"])
    confirmed_at: datetime = Field(description="since when notices go there")


def routes(do: UseCases) -> APIRouter:
    """The routes of the account."""
    router = APIRouter(prefix="/api/v1/account")

    @router.put(
        "/contact",
        operation_id="setContact",
        summary="Say where notices go",
        responses={404: {"description": "The fund's file has not arrived yet."}, 422: {"description": "This is no e-mail address."}},
    )
    async def set_contact(wish: ContactWish, insured: Insured) -> ContactView:
        try:
            contact = await do.confirm_contact(insured, wish.email)
        except NotAnEmailAddress as error:
            raise Problem(422, "invalid-email", str(error)) from None
        except NotOnFile:
            raise Problem(
                404, "not-on-file", "The fund's file on you has not arrived in the eSpace yet. Try again in a few minutes."
            ) from None
        return ContactView(email=contact.email, confirmed_at=contact.confirmed_at)

    return router
