"""My data: what the fund's file says about the person who asks. Read only, since the fund alone changes it."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import Locale
from espace_kernel.access import Insured
from espace_kernel.conditional import ConditionalRoute
from espace_records.api.on_file import ANSWERS, on_file
from espace_records.app.use_cases import UseCases


class AddressView(BaseModel):
    """Where the post reaches the person."""

    lines: tuple[str, ...] = Field(description="line by line, as it is printed", examples=[["14, rue de la Gare", "L-4571 Oberkorn"]])
    country: str = Field(description="ISO 3166-1 alpha-2", examples=["LU"])


class PersonView(BaseModel):
    """The person as the fund knows them."""

    matricule: str = Field(description="the national identification number, masked but for its last digits", examples=["••••••••••785"])
    given_name: str = Field(examples=["Sophie"])
    family_name: str = Field(examples=["Hoffmann"])
    date_of_birth: date
    address: AddressView | None = Field(description="null when the fund has no address that the post can use")
    locale: Locale = Field(description="the language the fund writes to the person in")
    as_of: datetime = Field(description="when the fund told this to the eSpace")


class BankDetailsView(BaseModel):
    """The account that reimbursements go to."""

    iban: str = Field(description="the account number, masked but for its two ends", examples=["LU12 •••• •••• •••• 7891"])
    bic: str | None = Field(description="the bank's code, where the fund knows it", examples=["BCEELULL"])
    holder: str = Field(description="who the account belongs to", examples=["Sophie Hoffmann"])
    since: date = Field(description="from when on reimbursements go there")
    as_of: datetime = Field(description="when the fund told this to the eSpace")


def routes(do: UseCases) -> APIRouter:
    """Who the person is, and where their reimbursements go."""
    router = APIRouter(prefix="/api/v1/me", route_class=ConditionalRoute)

    @router.get("", operation_id="getMe", summary="See the person's file", responses=ANSWERS)
    async def me(insured: Insured) -> PersonView:
        snapshot = await on_file(do.show_person(insured))
        person = snapshot.says
        return PersonView(
            matricule=person.masked_matricule,
            given_name=person.given_name,
            family_name=person.family_name,
            date_of_birth=person.date_of_birth,
            address=AddressView(lines=person.address.lines, country=person.address.country) if person.address else None,
            locale=person.locale,
            as_of=snapshot.as_of,
        )

    @router.get("/bank-details", operation_id="getMyBankDetails", summary="See where reimbursements go", responses=ANSWERS)
    async def bank_details(insured: Insured) -> BankDetailsView:
        snapshot = await on_file(do.show_bank_details(insured))
        details = snapshot.says
        return BankDetailsView(iban=details.masked_iban, bic=details.bic, holder=details.holder, since=details.since, as_of=snapshot.as_of)

    return router
