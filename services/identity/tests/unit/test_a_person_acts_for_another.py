from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.issue_token_on_behalf import ActForSomebody
from espace_identity.domain.access import AccessActor, AccessKind
from espace_identity.domain.age import age_on, comes_of_age, day_of
from espace_identity.domain.family import Child, Family
from espace_identity.domain.mandate import MandateRefused, MandateState, MandateStep, NoMandate, Scope, Terms, mandate_between, parental_id
from espace_identity.domain.session import NoSession
from espace_kernel.outcomes import VersionConflict

from .conftest import Identity

DOCUMENTS = Terms((Scope.DOCUMENTS,))
ALL = Terms(tuple(Scope))


async def given_and_accepted(identity, giver, holder, terms=DOCUMENTS):
    mandate = await identity.do.give_mandate(giver.insured, holder.matricule, terms)
    return await identity.do.accept_mandate(holder.insured, mandate.id)


async def acts(identity, holder, represented: InsuredId, service="documents", operation="listDocuments"):
    secret = await identity.logged_in(holder)
    wish = ActForSomebody(represented=represented, service=service, operation=operation)
    return await identity.do.issue_token_on_behalf(secret, wish)


async def may_act(identity, holder, represented: InsuredId, service="documents") -> bool:
    try:
        await acts(identity, holder, represented, service)
    except NoMandate:
        return False
    return True


async def test_a_holder_who_accepted_acts_where_the_mandate_says_and_nowhere_else(identity):
    giver, holder = await identity.person(), await identity.person(given_name="Paul", family_name="Weber")
    await given_and_accepted(identity, giver, holder)
    issued = await acts(identity, holder, giver.insured)
    claims = identity.signer.signed[-1]
    assert (issued.insured, claims.subject) == (giver.insured, str(giver.insured))
    assert claims.acting is not None
    assert (claims.acting.holder, claims.acting.scopes) == (holder.insured, {"documents"})
    for service in ("records", "procedures", "identity", "", "document"):
        assert not await may_act(identity, holder, giver.insured, service)


async def test_a_token_opens_the_one_service_that_was_asked_for(identity):
    giver, holder = await identity.person(), await identity.person()
    await given_and_accepted(identity, giver, holder, ALL)
    await acts(identity, holder, giver.insured, "records")
    assert identity.signer.signed[-1].acting.scopes == {"records"}


async def test_every_access_is_written_down_for_the_represented_person_before_the_token_exists(identity):
    giver, holder = await identity.person(), await identity.person(given_name="Paul", family_name="Weber")
    await given_and_accepted(identity, giver, holder)
    await acts(identity, holder, giver.insured, operation="getPdf")
    [access] = [each for each in identity.log.of(giver.insured) if each.kind is AccessKind.BY_MANDATE]
    assert (access.actor, access.at) == (AccessActor.MANDATE_HOLDER, identity.clock.now)
    assert (access.holder, access.name) == (holder.insured, "Paul Weber")
    assert dict(access.details) == {"service": "documents", "operation": "getPdf"}

    async def full(_access):
        raise OSError

    secret = await identity.logged_in(holder)
    signed = len(identity.signer.signed)
    identity.log.append = full
    with pytest.raises(OSError):
        await identity.do.issue_token_on_behalf(secret, ActForSomebody(represented=giver.insured, service="documents", operation="getPdf"))
    assert len(identity.signer.signed) == signed


async def test_a_refused_access_is_not_written_down_as_one(identity):
    giver, stranger = await identity.person(), await identity.person()
    assert not await may_act(identity, stranger, giver.insured)
    assert identity.log.of(giver.insured) == []


async def test_acting_wants_a_session(identity):
    giver = await identity.person()
    wish = ActForSomebody(represented=giver.insured, service="documents", operation="x")
    with pytest.raises(NoSession):
        await identity.do.issue_token_on_behalf("nothing", wish)


async def test_a_proposal_opens_nothing_and_does_not_name_the_holder(identity):
    giver, holder = await identity.person(), await identity.person(given_name="Paul", family_name="Weber")
    mandate = await identity.do.give_mandate(giver.insured, holder.matricule, DOCUMENTS)
    assert not await may_act(identity, holder, giver.insured)
    [seen] = (await identity.do.list_mandates(giver.insured)).given
    assert (seen.state, seen.other) == (MandateState.PROPOSED, None)
    [held] = (await identity.do.list_mandates(holder.insured)).held
    assert held.other == giver.name
    await identity.do.accept_mandate(holder.insured, mandate.id)
    [seen] = (await identity.do.list_mandates(giver.insured)).given
    assert (seen.state, seen.other) == (MandateState.IN_FORCE, "Paul Weber")


async def test_nobody_but_the_holder_accepts(identity):
    giver, holder, stranger = [await identity.person() for _ in range(3)]
    mandate = await identity.do.give_mandate(giver.insured, holder.matricule, DOCUMENTS)
    for somebody in (giver, stranger):
        with pytest.raises(NoMandate):
            await identity.do.accept_mandate(somebody.insured, mandate.id)
    with pytest.raises(NoMandate):
        await identity.do.accept_mandate(holder.insured, uuid4())
    for _ in range(2):
        accepted = await identity.do.accept_mandate(holder.insured, mandate.id)
    assert [move.step for move in accepted.moves] == [MandateStep.GIVEN, MandateStep.ACCEPTED]


@pytest.mark.parametrize("side", ["giver", "holder"])
async def test_either_side_ends_it_at_once_and_the_other_side_sees_who_did(identity, side):
    sides = {"giver": await identity.person(), "holder": await identity.person()}
    mandate = await given_and_accepted(identity, sides["giver"], sides["holder"])
    assert await may_act(identity, sides["holder"], sides["giver"].insured)
    for _ in range(2):
        await identity.do.end_mandate(sides[side].insured, mandate.id)
    assert not await may_act(identity, sides["holder"], sides["giver"].insured)
    [seen] = (await identity.do.list_mandates(sides["giver"].insured)).given
    assert (seen.state, seen.mandate.moves[-1].by) == (MandateState.ENDED, sides[side].insured)
    assert len(seen.mandate.moves) == 3
    with pytest.raises(NoMandate):
        await identity.do.accept_mandate(sides["holder"].insured, mandate.id)


async def test_a_stranger_ends_nothing(identity):
    giver, holder, stranger = [await identity.person() for _ in range(3)]
    mandate = await given_and_accepted(identity, giver, holder)
    with pytest.raises(NoMandate):
        await identity.do.end_mandate(stranger.insured, mandate.id)
    with pytest.raises(NoMandate):
        await identity.do.end_mandate(giver.insured, uuid4())
    assert await may_act(identity, holder, giver.insured)


async def test_a_mandate_ends_with_its_last_day_in_luxembourg(identity):
    giver, holder = await identity.person(), await identity.person()
    identity.clock.now = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
    await given_and_accepted(identity, giver, holder, Terms((Scope.DOCUMENTS,), date(2026, 6, 30)))
    identity.clock.now = datetime(2026, 6, 30, 21, 59, tzinfo=UTC)  # one minute to midnight in Luxembourg
    assert await may_act(identity, holder, giver.insured)
    identity.clock.move(minutes=1)
    assert not await may_act(identity, holder, giver.insured)


async def test_a_mandate_that_ended_can_be_given_anew_and_wants_accepting_again(identity):
    giver, holder = await identity.person(), await identity.person()
    mandate = await given_and_accepted(identity, giver, holder)
    with pytest.raises(MandateRefused, match="End it first"):
        await identity.do.give_mandate(giver.insured, holder.matricule, ALL)
    await identity.do.end_mandate(giver.insured, mandate.id)
    again = await identity.do.give_mandate(giver.insured, holder.matricule, ALL)
    assert again.id == mandate.id
    assert not await may_act(identity, holder, giver.insured)
    await identity.do.accept_mandate(holder.insured, mandate.id)
    assert await may_act(identity, holder, giver.insured, "records")


async def test_the_same_proposal_twice_is_one(identity):
    giver, holder = await identity.person(), await identity.person()
    first = await identity.do.give_mandate(giver.insured, holder.matricule, DOCUMENTS)
    second = await identity.do.give_mandate(giver.insured, holder.matricule, DOCUMENTS)
    assert (first.id, len(second.moves)) == (second.id, 1)


async def test_few_mandates_wait_at_a_time(identity):
    giver, holders = await identity.person(), [await identity.person() for _ in range(6)]
    mandates = [await identity.do.give_mandate(giver.insured, holder.matricule, DOCUMENTS) for holder in holders[:5]]
    with pytest.raises(MandateRefused, match="wait to be accepted"):
        await identity.do.give_mandate(giver.insured, holders[5].matricule, DOCUMENTS)
    assert (await identity.do.give_mandate(giver.insured, holders[4].matricule, DOCUMENTS)).id == mandates[4].id
    await identity.do.accept_mandate(holders[0].insured, mandates[0].id)
    await identity.do.give_mandate(giver.insured, holders[5].matricule, DOCUMENTS)


async def test_two_proposals_at_once_make_one_mandate(identity):
    giver, holder = await identity.person(), await identity.person()
    await identity.do.give_mandate(giver.insured, holder.matricule, DOCUMENTS)

    async def nothing_yet(_id):
        return None

    identity.mandates.get = nothing_yet
    with pytest.raises(VersionConflict):
        await identity.do.give_mandate(giver.insured, holder.matricule, ALL)


async def test_a_mandate_is_between_two_living_adults(identity):
    adult, child = await identity.person(), await identity.person(date_of_birth=date(2010, 1, 1))
    dead = await identity.person(deceased=True)
    for giver, holder, why in [
        (child, adult.matricule, "Only a person of age"),
        (adult, child.matricule, "at least 18"),
        (adult, dead.matricule, "No insured person"),
        (adult, "1893120105732", "No insured person"),
        (adult, "1893120105733", "check digit"),
        (adult, adult.matricule, "your own"),
    ]:
        with pytest.raises(MandateRefused, match=why):
            await identity.do.give_mandate(giver.insured, holder, DOCUMENTS)
    with pytest.raises(MandateRefused):
        await identity.do.give_mandate(InsuredId(uuid4()), adult.matricule, DOCUMENTS)
    with pytest.raises(MandateRefused, match="is over"):
        other = await identity.person()
        await identity.do.give_mandate(adult.insured, other.matricule, Terms((Scope.RECORDS,), date(2026, 3, 1)))
    assert identity.mandates.by_id == {}


async def test_a_mandate_of_a_person_who_has_died_opens_nothing(identity):
    giver, holder = await identity.person(), await identity.person()
    await given_and_accepted(identity, giver, holder)
    facts = {name: getattr(giver, name) for name in giver.__slots__}
    await identity.do.record_person(type(giver)(**facts | {"revision": 2, "deceased": True}))
    assert not await may_act(identity, holder, giver.insured)


async def test_a_parent_acts_for_a_child_everywhere_until_its_eighteenth_birthday(identity):
    parent = await identity.person()
    child = await identity.child_of(parent, born=date(2008, 3, 5))
    for service in ("records", "procedures", "documents"):
        assert await may_act(identity, parent, child.insured, service)
    assert not await may_act(identity, parent, child.insured, "identity")
    identity.clock.now = datetime(2026, 3, 4, 22, 59, tzinfo=UTC)  # one minute to midnight in Luxembourg
    assert await may_act(identity, parent, child.insured)
    identity.clock.move(minutes=1)
    assert not await may_act(identity, parent, child.insured)
    assert (await identity.do.list_mandates(parent.insured)).parental == []


async def test_a_child_who_is_no_more_of_the_family_on_file_is_not_acted_for(identity):
    parent = await identity.person()
    child = await identity.child_of(parent, born=date(2015, 1, 1))
    assert await may_act(identity, parent, child.insured)
    before = identity.families.by_parent[parent.insured]
    await identity.do.record_family(Family(parent=parent.insured, revision=2, children=()))
    assert not await may_act(identity, parent, child.insured)
    await identity.do.record_family(before)  # the old revision, once more
    assert not await may_act(identity, parent, child.insured)


async def test_a_parent_renounces_for_good_whatever_the_file_says_later(identity):
    parent = await identity.person()
    child = await identity.child_of(parent, born=date(2015, 1, 1))
    sister, seen = (await identity.do.list_mandates(parent.insured)).parental
    assert (seen.child, seen.comes_of_age, seen.renounced) == (child, date(2033, 1, 1), False)
    assert (sister.child.name, seen.child.name) == ("Mia Hoffmann", "Lou Hoffmann")
    await identity.do.end_mandate(parent.insured, parental_id(parent.insured, child.insured))
    assert not await may_act(identity, parent, child.insured)
    assert await may_act(identity, parent, sister.child.insured)
    await identity.do.record_family(Family(parent=parent.insured, revision=2, children=(child,)))
    assert not await may_act(identity, parent, child.insured)
    [seen] = (await identity.do.list_mandates(parent.insured)).parental
    assert seen.renounced


async def test_a_child_sees_who_acts_for_it_and_cannot_end_it(identity):
    parent = await identity.person()
    child = await identity.child_of(parent, born=date(2011, 1, 1))
    assert (await identity.do.list_mandates(child.insured)).represented_by == [parent.name]
    for somebody in (child.insured, (await identity.person()).insured):
        with pytest.raises(NoMandate):
            await identity.do.end_mandate(somebody, parental_id(parent.insured, child.insured))
    assert await may_act(identity, parent, child.insured)
    identity.clock.now = datetime(2029, 1, 1, 12, 0, tzinfo=UTC)
    assert (await identity.do.list_mandates(child.insured)).represented_by == []


async def test_a_parent_whose_own_file_has_not_come_is_not_named(identity):
    parent, child = InsuredId(uuid4()), Child(insured=InsuredId(uuid4()), given_name="Lou", family_name="W", date_of_birth=date(2015, 1, 1))
    await identity.do.record_family(Family(parent=parent, revision=1, children=(child,)))
    assert (await identity.do.list_mandates(child.insured)).represented_by == []


def test_a_birthday_on_29_february_is_kept_on_1_march():
    born = date(2008, 2, 29)
    assert comes_of_age(born) == date(2026, 3, 1)
    assert (age_on(date(2026, 2, 28), born), age_on(date(2026, 3, 1), born)) == (17, 18)


def test_a_day_is_luxembourgs():
    assert day_of(datetime(2026, 1, 1, 23, 30, tzinfo=UTC)) == date(2026, 1, 2)


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-3, 3))
def test_a_child_is_represented_through_the_day_before_it_comes_of_age(born, off):
    day = comes_of_age(born) + timedelta(days=off)
    child = Child(insured=InsuredId(uuid4()), given_name="Lou", family_name="W", date_of_birth=born)
    family = Family(parent=InsuredId(uuid4()), revision=1, children=(child,))
    assert family.represents(child.insured, day) is (off < 0)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("give"), st.sets(st.sampled_from(Scope), min_size=1), st.none() | st.integers(0, 5)),
        st.tuples(st.sampled_from(["accept", "end by giver", "end by holder", "a day passes"]), st.none(), st.none()),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(STEPS)
async def test_whatever_happens_a_mandate_opens_what_was_accepted_last_and_not_ended(steps):
    identity = Identity()
    giver, holder = await identity.person(), await identity.person()
    mandate_id = mandate_between(giver.insured, holder.insured)
    proposed: Terms | None = None
    in_force: Terms | None = None
    for step, scopes, days in steps:
        today = day_of(identity.clock.now)
        in_force = in_force if in_force and (in_force.until is None or today <= in_force.until) else None
        proposed = proposed if proposed and (proposed.until is None or today <= proposed.until) else None
        match step:
            case "give":
                terms = Terms(tuple(sorted(scopes)), None if days is None else today + timedelta(days=days))
                try:
                    await identity.do.give_mandate(giver.insured, holder.matricule, terms)
                    assert in_force is None
                    proposed = terms
                except MandateRefused:
                    assert in_force is not None or proposed is not None
            case "accept":
                try:
                    await identity.do.accept_mandate(holder.insured, mandate_id)
                    assert proposed or in_force
                    proposed, in_force = None, proposed or in_force
                except NoMandate:
                    assert proposed is None
                    assert in_force is None
            case "a day passes":
                identity.clock.move(days=1)
            case _:
                if mandate_id in identity.mandates.by_id:
                    await identity.do.end_mandate((giver if step.endswith("giver") else holder).insured, mandate_id)
                proposed = in_force = None
        today = day_of(identity.clock.now)
        opened = set(in_force.scopes) if in_force and (in_force.until is None or today <= in_force.until) else set()
        for scope in Scope:
            assert await may_act(identity, holder, giver.insured, scope) is (scope in opened)
