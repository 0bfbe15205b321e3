from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from espace_contracts.vocabulary import InsuredId, Relation
from espace_kernel.access import Insured
from espace_kernel.conditional import ConditionalRoute
from espace_records.api.on_file import ANSWERS, on_file
from espace_records.app.use_cases import UseCases
from espace_records.domain.family import FamilyMember


class FamilyMemberView(BaseModel):
    """One member of the family as the fund knows them."""

    person: InsuredId = Field(description="how procedures and mandates name this person")
    matricule: str = Field(description="masked but for its last digits", examples=["••••••••••565"])
    given_name: str = Field(examples=["Mia"])
    family_name: str = Field(examples=["Weber"])
    date_of_birth: date
    relation: Relation
    coinsured_from: date | None = Field(description="first day of the co-insurance with the person; null when there is none")
    coinsured_until: date | None = Field(description="last day of the co-insurance; null while it goes on")
    coinsured: bool = Field(description="whether the co-insurance holds today")
    represented: bool = Field(description="a child for whom the person has parental authority")

    @classmethod
    def of(cls, member: FamilyMember, today: date) -> FamilyMemberView:
        """The member as seen on that day."""
        return cls(
            person=member.person,
            matricule=member.masked_matricule,
            given_name=member.given_name,
            family_name=member.family_name,
            date_of_birth=member.date_of_birth,
            relation=member.relation,
            coinsured_from=member.coinsured_from,
            coinsured_until=member.coinsured_until,
            coinsured=member.is_coinsured_on(today),
            represented=member.represented,
        )


class FamilyView(BaseModel):
    """The person's family, the co-insured among them."""

    members: list[FamilyMemberView]
    as_of: datetime = Field(description="when the fund told this to the eSpace")


def routes(do: UseCases) -> APIRouter:
    """The route of the family."""
    router = APIRouter(prefix="/api/v1/me", route_class=ConditionalRoute)

    @router.get("/family", operation_id="getMyFamily", summary="See the family and who of it is co-insured", responses=ANSWERS)
    async def family(insured: Insured) -> FamilyView:
        shown = await on_file(do.show_family(insured))
        members = [FamilyMemberView.of(member, shown.today) for member in shown.told.says.members]
        return FamilyView(members=members, as_of=shown.told.as_of)

    return router
