from __future__ import annotations

from datetime import date

import pytest

from espace_identity.app.finish_login import LinkNeeded, LoggedIn
from espace_identity.domain.access import AccessKind
from espace_identity.domain.link import TRIES, LinkingLimit, LinkRefused, NoLinking
from espace_identity.domain.login import LoginRefused, Refusal
from espace_identity.domain.matricule import NotAMatricule
from espace_identity.domain.person import same_name
from espace_identity.domain.session import NoSession

OLD, NEW = "FR/LU/old-card", "FR/LU/new-card"


async def to_be_linked(identity, identifier=OLD, **differing) -> str:
    ended = await identity.login(identity.foreign_word(identifier, **differing))
    assert isinstance(ended, LinkNeeded)
    return ended.secret


async def linked(identity, person, identifier=OLD) -> LoggedIn:
    return await identity.do.link_identity(await to_be_linked(identity, identifier), person.matricule, None)


async def test_the_first_login_asks_for_the_matricule_and_the_next_ones_do_not(identity):
    person = await identity.person()
    first = await linked(identity, person)
    assert first.session.login.insured == person.insured
    assert (await identity.do.see_session(first.secret)).login.vouched.provider == "eidas"
    again = await identity.login(identity.foreign_word(OLD))
    assert isinstance(again, LoggedIn)
    assert again.session.login.insured == person.insured
    assert [each.kind for each in identity.log.of(person.insured)].count(AccessKind.IDENTITY_LINKED) == 1


async def test_a_login_that_is_to_be_linked_opens_nothing(identity):
    await identity.person()
    secret = await to_be_linked(identity)
    assert identity.sessions.by_fingerprint == {}
    with pytest.raises(NoSession):
        await identity.do.see_session(secret)


async def test_a_linking_counts_once(identity):
    person = await identity.person()
    secret = await to_be_linked(identity)
    await identity.do.link_identity(secret, person.matricule, None)
    with pytest.raises(NoLinking):
        await identity.do.link_identity(secret, person.matricule, None)


@pytest.mark.parametrize(
    "differing",
    [
        {"born": date(1983, 8, 13)},
        {"given": "Sofia"},
        {"family": "Hofmann"},
        {"given": ""},
        {"family": ""},
        {"given": "Hoffmann", "family": "Sophie"},
    ],
)
async def test_name_and_date_of_birth_must_be_those_of_the_file(identity, differing):
    person = await identity.person()
    secret = await to_be_linked(identity, **differing)
    with pytest.raises(LinkRefused) as refusal:
        await identity.do.link_identity(secret, person.matricule, None)
    assert str(refusal.value) == ""
    assert identity.sessions.by_fingerprint == {}
    assert identity.accounts.by_id == {}


@pytest.mark.parametrize(
    ("given", "family"),
    [("SOPHIE", "HOFFMANN"), ("Sophie Marie", "Hoffmann"), ("Sophie-Marie", "hoffmann"), ("Sóphie", "Hoffmann")],
)
async def test_how_a_name_is_written_does_not_count(identity, given, family):
    person = await identity.person()
    secret = await to_be_linked(identity, given=given, family=family)
    assert (await identity.do.link_identity(secret, person.matricule, None)).session.login.insured == person.insured


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Zoë", "Müller-Weiß"), ("ZOE", "MULLER WEISS"), True),
        (("Jean", "D'Arc"), ("jean", "d arc"), True),
        (("Jean", "Müller"), ("Jean", "Mueller"), False),
        (("Jean", "Weber"), ("Jean", "Weber Klein"), False),
        (("Jean", "Weber"), ("Paul", "Weber"), False),
        (("-", "Weber"), ("-", "Weber"), False),
    ],
)
def test_two_spellings_of_a_name(one, other, same):
    assert same_name(one, other) is same
    assert same_name(other, one) is same


async def test_an_unknown_matricule_is_refused_like_one_that_does_not_fit(identity):
    await identity.person()
    with pytest.raises(LinkRefused):
        await identity.do.link_identity(await to_be_linked(identity), "1893120105732", None)


async def test_an_identity_has_five_tries_a_day_however_often_it_logs_in(identity):
    person, stranger = await identity.person(), await identity.person(family_name="Weber")
    for _ in range(TRIES):
        with pytest.raises(LinkRefused):
            await identity.do.link_identity(await to_be_linked(identity), stranger.matricule, None)
    with pytest.raises(LinkingLimit):
        await identity.do.link_identity(await to_be_linked(identity), person.matricule, None)
    identity.clock.move(hours=24)
    assert (await linked(identity, person)).session.login.insured == person.insured


async def test_a_slip_of_the_pen_costs_no_try(identity):
    person = await identity.person()
    secret = await to_be_linked(identity)
    for _ in range(TRIES + 1):
        with pytest.raises(NotAMatricule):
            await identity.do.link_identity(secret, "1983081246786", None)
    assert await identity.do.link_identity(secret, person.matricule, None)


async def test_a_linking_takes_a_quarter_of_an_hour_at_most(identity):
    person = await identity.person()
    secret = await to_be_linked(identity)
    identity.clock.move(minutes=15)
    with pytest.raises(NoLinking):
        await identity.do.link_identity(secret, person.matricule, None)
    for nothing in (None, "", "made-up"):
        with pytest.raises(NoLinking):
            await identity.do.link_identity(nothing, person.matricule, None)


async def test_a_new_card_is_linked_anew_and_the_old_one_opens_nothing(identity):
    person = await identity.person()
    await linked(identity, person, OLD)
    identity.clock.move(hours=1)
    await linked(identity, person, NEW)
    with pytest.raises(LoginRefused) as refusal:
        await identity.login(identity.foreign_word(OLD))
    assert refusal.value.why is Refusal.IDENTITY_REPLACED
    assert isinstance(await identity.login(identity.foreign_word(NEW)), LoggedIn)
    account = identity.accounts.by_id[person.insured]
    assert account.link.identifier == NEW
    assert [(link.identifier, link.replaced_at) for link in account.links_before] == [(OLD, identity.clock.now)]


async def test_an_identity_that_opens_one_eSpace_never_opens_another(identity):  # noqa: N802  # the product's name
    one, twin = await identity.person(), await identity.person()
    secret, same_secret = await to_be_linked(identity), await to_be_linked(identity)
    await identity.do.link_identity(secret, one.matricule, None)
    with pytest.raises(LinkRefused):
        await identity.do.link_identity(same_secret, twin.matricule, None)
    again = await identity.login(identity.foreign_word(OLD))
    assert isinstance(again, LoggedIn)
    assert again.session.login.insured == one.insured


async def test_the_same_identity_once_more_leaves_the_link_as_it_is(identity):
    person = await identity.person()
    secret, same_secret = await to_be_linked(identity), await to_be_linked(identity)
    await identity.do.link_identity(secret, person.matricule, None)
    since = identity.accounts.by_id[person.insured].link.linked_at
    identity.clock.move(minutes=1)
    await identity.do.link_identity(same_secret, person.matricule, None)
    assert identity.accounts.by_id[person.insured].link.linked_at == since
    assert identity.accounts.by_id[person.insured].links_before == ()


async def test_nobody_links_the_file_of_a_person_who_has_died(identity):
    person = await identity.person(deceased=True)
    with pytest.raises(LoginRefused) as refusal:
        await identity.do.link_identity(await to_be_linked(identity), person.matricule, None)
    assert refusal.value.why is Refusal.DECEASED
