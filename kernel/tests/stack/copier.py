"""A service for the kernel's own tests: POST /notes/{number} saves a note, its event makes a copy, both exactly once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import APIRouter

from espace_contracts.event import Event, Topic
from espace_kernel.aggregate import Aggregate
from espace_kernel.envelope import Received
from espace_kernel.service import Kernel, Wiring, serve
from espace_kernel.settings import ServiceSettings
from espace_kernel.store import AggregateStore
from espace_kernel.subscriptions import Subscriptions

NAME = os.environ["COPIER_NAME"]
TOPIC = Topic(f"{NAME}.v1", owner=NAME, readers=(NAME,), about="Notes to copy, for the kernel's tests.")


class NoteMade(Event, type="test.note.made.v1", topic=TOPIC, subject="insured"):
    number: int


@dataclass(kw_only=True)
class Note(Aggregate):
    number: int

    @classmethod
    def made(cls, number: int) -> Note:
        note = cls(id=uuid5(NAMESPACE_OID, str(number)), number=number)
        note.record(note)
        return note


@dataclass(kw_only=True)
class Copy(Aggregate):
    number: int


def contract_of(note: Note) -> Event:
    return NoteMade.model_validate({"insured": note.id, "number": note.number})


subscriptions: Subscriptions[AggregateStore[Copy]] = Subscriptions(NAME)


@subscriptions.to(NoteMade)
async def copy(event: Received[NoteMade], copies: AggregateStore[Copy]) -> None:
    await copies.add(Copy(id=event.derived_id("copy"), number=event.data.number))


def wire(kernel: Kernel) -> Wiring:
    notes = kernel.aggregates("notes", Note, contract_of)
    copies = kernel.aggregates("copies", Copy, contract_of)
    router = APIRouter()

    @router.post("/notes/{number}", status_code=201)
    async def write(number: int) -> UUID:
        note = Note.made(number)
        await notes.add(note)
        return note.id

    return Wiring(routers=[router], subscriptions=subscriptions, use_cases=copies)


if __name__ == "__main__":
    serve(NAME, ServiceSettings(), wire)  # type: ignore[call-arg]  # the port comes from the environment
