from __future__ import annotations

from espace_contracts.events import PersonRecorded
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.person import Person
from espace_kernel.envelope import Received
from espace_kernel.subscriptions import Subscriptions

subscriptions: Subscriptions[UseCases] = Subscriptions(group="identity")


@subscriptions.to(PersonRecorded)
async def follow_the_file(event: Received[PersonRecorded], do: UseCases) -> None:
    """The person may log in from now on, and with this matricule alone."""
    told = event.data
    await do.record_person(Person(insured=told.insured, revision=told.revision, matricule=told.matricule, locale=told.locale))
