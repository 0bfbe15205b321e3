from __future__ import annotations

from espace_contracts.events import FamilyRecorded, LetterPosted, NoticeBounced, PersonRecorded, ProcedureForwarded
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.access import Access, AccessActor, AccessKind
from espace_identity.domain.family import Child, Family
from espace_identity.domain.person import Person
from espace_kernel.envelope import Received
from espace_kernel.subscriptions import Subscriptions

subscriptions: Subscriptions[UseCases] = Subscriptions(group="identity")


@subscriptions.to(PersonRecorded)
async def follow_the_file(event: Received[PersonRecorded], do: UseCases) -> None:
    """The person may log in from now on, and with this matricule alone."""
    told = event.data
    await do.record_person(
        Person(
            insured=told.insured, revision=told.revision, matricule=told.matricule, given_name=told.given_name,
            family_name=told.family_name, date_of_birth=told.date_of_birth, locale=told.locale, deceased=told.deceased,
        )
    )  # fmt: skip


@subscriptions.to(FamilyRecorded)
async def follow_the_family(event: Received[FamilyRecorded], do: UseCases) -> None:
    """The parent acts for these children from now on, and for no others."""
    children = tuple(
        Child(
            insured=member.person, given_name=member.given_name, family_name=member.family_name, date_of_birth=member.date_of_birth
        )
        for member in event.data.members
        if member.represented
    )  # fmt: skip
    await do.record_family(Family(parent=event.data.insured, revision=event.data.revision, children=children))


@subscriptions.to(ProcedureForwarded)
async def the_fund_received_a_procedure(event: Received[ProcedureForwarded], do: UseCases) -> None:
    """The person sees that the fund received what they submitted."""
    told = event.data
    details = (("procedure", str(told.procedure)), ("procedure_kind", told.kind.value), ("submission", str(told.submission)))
    await do.record_access(
        Access(
            id=event.derived_id("access"),
            insured=told.insured,
            kind=AccessKind.PROCEDURE,
            actor=AccessActor.FUND,
            at=event.time,
            details=details,
        )
    )


@subscriptions.to(NoticeBounced)
async def a_notice_came_back(event: Received[NoticeBounced], do: UseCases) -> None:
    """The person sees that their address, or their number, takes no notices any more."""
    told = event.data
    await do.hear_bounce(told.insured, told.means, told.contact_revision, told.bounced_at)


@subscriptions.to(LetterPosted)
async def the_mailing_service_opened_a_letter(event: Received[LetterPosted], do: UseCases) -> None:
    """The person sees that a letter to them was printed."""
    told = event.data
    await do.record_access(
        Access(
            id=event.derived_id("access"),
            insured=told.insured,
            kind=AccessKind.LETTER,
            actor=AccessActor.MAILING_SERVICE,
            at=told.posted_at,
            details=(("document", str(told.document)), ("letter", str(told.letter))),
        )
    )
