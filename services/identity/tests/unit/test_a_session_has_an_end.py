from __future__ import annotations

from datetime import timedelta

import pytest

from espace_identity.app.log_in_by_matricule import LoginRefused
from espace_identity.domain.session import ABSOLUTE_LIMIT, IDLE_LIMIT, SUBSTANTIAL, NoSession, fingerprint_of

from .conftest import MATRICULE


async def test_a_person_on_file_logs_in_by_their_matricule(identity):
    person = await identity.person()
    session = await identity.do.see_session(await identity.logged_in())
    assert (session.login.insured, session.login.acr, session.login.at) == (person.insured, SUBSTANTIAL, identity.clock.now)


@pytest.mark.parametrize("typed", ["1893120105732", "1893120105733", "not a number", ""])
async def test_an_unknown_person_and_a_wrong_number_are_refused_alike(identity, typed):
    await identity.person()
    with pytest.raises(LoginRefused) as refusal:
        await identity.logged_in(typed)
    assert str(refusal.value) == ""
    assert identity.sessions.by_fingerprint == {}


async def test_the_store_never_holds_what_opens_a_session(identity):
    await identity.person()
    secret = await identity.logged_in()
    assert list(identity.sessions.by_fingerprint) == [fingerprint_of(secret)]
    assert secret not in repr(identity.sessions)


async def test_a_login_gives_a_new_secret_and_ends_the_session_before(identity):
    await identity.person()
    first = await identity.logged_in()
    second = await identity.logged_in(instead_of=first)
    assert first != second
    with pytest.raises(NoSession):
        await identity.do.see_session(first)
    assert await identity.do.see_session(second)


async def test_a_secret_that_somebody_planted_never_opens_a_session(identity):
    await identity.person()
    planted = "planted-by-another-site"
    assert await identity.logged_in(instead_of=planted) != planted
    with pytest.raises(NoSession):
        await identity.do.see_session(planted)


async def test_a_refused_login_leaves_the_session_before_alone(identity):
    await identity.person()
    secret = await identity.logged_in()
    with pytest.raises(LoginRefused):
        await identity.logged_in("1893120105732", instead_of=secret)
    assert await identity.do.see_session(secret)


async def test_after_logout_nothing_opens_the_session(identity):
    await identity.person()
    secret = await identity.logged_in()
    await identity.do.close_session(secret)
    await identity.do.close_session(secret)
    for use in (identity.do.see_session, identity.do.issue_person_token):
        with pytest.raises(NoSession):
            await use(secret)


async def test_an_unused_session_ends_after_half_an_hour(identity):
    await identity.person()
    secret = await identity.logged_in()
    identity.clock.move(minutes=29, seconds=59)
    assert await identity.do.see_session(secret)
    identity.clock.move(seconds=1)
    for use in (identity.do.see_session, identity.do.issue_person_token):
        with pytest.raises(NoSession):
            await use(secret)


async def test_to_look_at_a_session_does_not_prolong_it(identity):
    await identity.person()
    secret = await identity.logged_in()
    identity.clock.move(minutes=20)
    assert (await identity.do.see_session(secret)).ends_at == identity.clock.now + timedelta(minutes=10)


async def test_a_session_in_use_ends_eight_hours_after_its_login(identity):
    await identity.person()
    secret = await identity.logged_in()
    began = identity.clock.now
    while identity.clock.now + timedelta(minutes=29) < began + ABSOLUTE_LIMIT:
        identity.clock.move(minutes=29)
        await identity.do.issue_person_token(secret)
    session = await identity.do.see_session(secret)
    assert session.ends_at == session.latest_end == began + ABSOLUTE_LIMIT
    identity.clock.now = began + ABSOLUTE_LIMIT
    with pytest.raises(NoSession):
        await identity.do.issue_person_token(secret)


async def test_a_clock_that_goes_back_shortens_no_session(identity):
    await identity.person()
    secret = await identity.logged_in()
    began = identity.clock.now
    identity.clock.move(minutes=-10)
    await identity.do.issue_person_token(secret)
    assert (await identity.do.see_session(secret)).ends_at == began + IDLE_LIMIT


async def test_a_session_closed_while_a_token_is_made_gives_none(identity):
    await identity.person()
    secret = await identity.logged_in()
    before = identity.sessions.get

    async def get_and_log_out(fingerprint):
        session = await before(fingerprint)
        await identity.do.close_session(secret)
        return session

    identity.sessions.get = get_and_log_out
    with pytest.raises(NoSession):
        await identity.do.issue_person_token(secret)


async def test_a_token_says_who_how_surely_and_since_when(identity):
    person = await identity.person()
    secret = await identity.logged_in()
    session = await identity.do.see_session(secret)
    identity.clock.move(minutes=5)
    assert await identity.do.issue_person_token(secret) == "token 1"
    [claims] = identity.signer.signed
    assert claims.subject == str(person.insured)
    assert claims.assurance is not None
    assert (claims.assurance.acr, claims.assurance.at, claims.assurance.session) == (SUBSTANTIAL, session.login.at, session.id)
    assert (claims.issued_at, claims.ends_at) == (identity.clock.now, identity.clock.now + timedelta(seconds=120))


async def test_a_token_of_a_service_stands_for_no_person(identity):
    assert await identity.do.issue_service_token("notifications") == "token 1"
    [claims] = identity.signer.signed
    assert (claims.subject, claims.assurance) == ("notifications", None)


async def test_a_person_whose_matricule_changed_logs_in_with_the_new_one_alone(identity):
    person = await identity.person("1893120105732")
    changed = type(person)(insured=person.insured, revision=2, matricule=MATRICULE, locale=person.locale)
    await identity.do.record_person(changed)
    await identity.do.record_person(person)  # the old revision, once more
    with pytest.raises(LoginRefused):
        await identity.logged_in("1893120105732")
    assert (await identity.do.see_session(await identity.logged_in(MATRICULE))).login.insured == person.insured
