from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

from espace_contracts.events import FamilyRecorded, LetterPosted, ProcedureForwarded
from espace_contracts.events.family_recorded_v1 import FamilyMember
from espace_contracts.vocabulary import DocumentId, InsuredId, LetterId, Locale, PrintRunId, ProcedureId, ProcedureKind, Relation
from espace_identity.domain.access import AccessActor, AccessKind
from espace_identity.events.incoming import subscriptions
from espace_kernel.envelope import Received

MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def hears(identity, *events) -> None:
    """The events come, each twice."""
    for event in events:
        received = Received(id=uuid4(), type=event.type, source="/test", time=MOMENT, correlation_id=uuid4(), data=event)
        _, handle = subscriptions.handlers[event.type]
        for _ in range(2):
            await handle(received, identity.do)


async def test_a_login_and_its_end_are_written_down_with_their_moments(identity):
    person = await identity.person()
    secret = await identity.logged_in(person)
    began = identity.clock.now
    identity.clock.move(minutes=7)
    await identity.do.log_out(secret)
    page, following = await identity.do.list_accesses(person.insured, None, 50)
    assert following is None
    assert [(access.kind, access.actor, access.at) for access in page] == [
        (AccessKind.SESSION_END, AccessActor.SELF, identity.clock.now),
        (AccessKind.LOGIN, AccessActor.SELF, began),
    ]
    assert dict(page[0].details) | {"session": ""} == {
        "session": "", "provider": "luxtrust", "from": began.isoformat(), "why": "logged_out",
    }  # fmt: skip


async def test_what_the_fund_and_the_mailing_service_received_is_written_down_once(identity):
    person = await identity.person()
    procedure, document = ProcedureId(uuid4()), DocumentId(uuid4())
    await hears(
        identity,
        ProcedureForwarded(
            insured=person.insured, procedure=procedure, kind=ProcedureKind.BANK_DETAILS_CHANGE, submission=1, locale=Locale.FRENCH,
            answers={"iban": "LU280019400644750000"}, attachments=(),
        ),
        LetterPosted(
            insured=person.insured, letter=LetterId(uuid4()), document=document, print_run=PrintRunId(uuid4()), posted_at=MOMENT
        ),
    )  # fmt: skip
    letter, forwarded = sorted(identity.log.of(person.insured), key=lambda access: access.kind)
    assert (letter.actor, letter.at, dict(letter.details)["document"]) == (AccessActor.MAILING_SERVICE, MOMENT, str(document))
    assert (forwarded.actor, forwarded.at, dict(forwarded.details)["procedure"]) == (AccessActor.FUND, MOMENT, str(procedure))
    assert "LU28" not in repr(forwarded)


async def test_a_page_begins_where_the_last_one_ended_and_shows_nobody_elses(identity):
    person, other = await identity.person(), await identity.person()
    for _ in range(5):
        await identity.logged_in(person)
        await identity.logged_in(other)
        identity.clock.move(minutes=1)
    seen, cursor = [], None
    for _ in range(3):
        page, cursor = await identity.do.list_accesses(person.insured, cursor, 2)
        seen += page
    assert cursor is None
    assert len({access.id for access in seen}) == 5
    assert {access.insured for access in seen} == {person.insured}
    assert [access.at for access in seen] == sorted((access.at for access in seen), reverse=True)


async def test_only_the_children_whom_a_parent_represents_are_acted_for(identity):
    parent = await identity.person()
    members = tuple(
        FamilyMember(
            person=InsuredId(uuid4()), matricule="2015061004565", given_name=name, family_name="Hoffmann", date_of_birth=date(2015, 6, 10),
            relation=Relation.CHILD, coinsured_from=None, coinsured_until=None, represented=represented,
        )
        for name, represented in (("Lou", True), ("Max", False))
    )  # fmt: skip
    await hears(identity, FamilyRecorded(insured=parent.insured, revision=1, members=members))
    seen = await identity.do.list_mandates(parent.insured)
    assert [each.child.given_name for each in seen.parental] == ["Lou"]
