from __future__ import annotations

from datetime import datetime
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import Locale
from espace_documents.app.switch_edelivery import NotOnFile
from espace_documents.app.use_cases import UseCases
from espace_documents.domain.contact import Contact, Notices
from espace_documents.domain.preference import CONSEQUENCES, Preference
from espace_documents.domain.wording import NOTICES
from espace_kernel.access import FreshInsured, Insured
from espace_kernel.problems import Problem


class Choice(BaseModel):
    """What the person chooses."""

    active: bool = Field(strict=True, description="true: documents come by eDelivery; false: by post")


class NoticesView(BaseModel):
    """Whether notices reach the person by e-mail, and what follows from it."""

    state: Notices = Field(
        description="`reachable`: they go to the confirmed address; `bounced`: they come back; `no_address`: none is confirmed"
    )
    since: datetime | None = Field(description="since when; null without a confirmed address")
    consequence: dict[Locale, str] = Field(description="what that means for the next documents, by language")

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """What is known of the contact."""
        return cls(state=contact.notices, since=contact.since, consequence=dict(NOTICES[contact.notices]))


class EdeliveryView(BaseModel):
    """What the person chose, and what the choice means."""

    active: bool = Field(description="true: documents come by eDelivery; false: by post, which is the default")
    since: datetime | None = Field(description="since when; null when the person never chose")
    consequences: dict[Locale, str] = Field(description="what activating means, by language: to be shown before the choice")
    notices: NoticesView

    @classmethod
    def of(cls, preference: Preference) -> Self:
        """What of a preference is shown."""
        return cls(
            active=preference.active,
            since=preference.since,
            consequences=dict(CONSEQUENCES),
            notices=NoticesView.of(preference.contact),
        )


def routes(do: UseCases) -> APIRouter:
    """Activation of eDelivery."""
    router = APIRouter(prefix="/api/v1/edelivery", tags=["Activation of services"])

    @router.get("", operation_id="getEdelivery", summary="Tell whether eDelivery is active, and what it means")
    async def get_edelivery(insured: Insured) -> EdeliveryView:
        return EdeliveryView.of(await do.edelivery_of(insured))

    @router.put(
        "",
        operation_id="switchEdelivery",
        summary="Activate or deactivate eDelivery; wants a fresh login",
        responses={
            403: {"description": "Problem fresh-login-needed: the login is older than five minutes"},
            503: {"description": "Problem not-on-file-yet: the fund's file on the person has not arrived"},
        },
    )
    async def switch_edelivery(choice: Choice, insured: FreshInsured) -> EdeliveryView:
        try:
            return EdeliveryView.of(await do.switch_edelivery(insured, active=choice.active))
        except NotOnFile:
            raise Problem(
                503,
                "not-on-file-yet",
                "The fund's file on you has not reached your eSpace yet, so nothing was changed. Try again in a minute.",
                headers={"Retry-After": "60"},
            ) from None

    return router
