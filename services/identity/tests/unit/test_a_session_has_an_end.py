from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace_identity.app import end_sessions, forget_expired
from espace_identity.app.change_account import ChangeAccount
from espace_identity.app.finish_login import LoggedIn
from espace_identity.app.ports import Which
from espace_identity.domain.access import AccessKind
from espace_identity.domain.account import SessionsClosed
from espace_identity.domain.assurance import SUBSTANTIAL
from espace_identity.domain.login import LoginRefused, Refusal
from espace_identity.domain.secret import fingerprint_of
from espace_identity.domain.session import ABSOLUTE_LIMIT, IDLE_LIMIT, NoSession, SessionEnd
from espace_kernel.outcomes import VersionConflict

from .conftest import MATRICULE, Identity


async def test_a_person_on_file_logs_in_by_the_matricule_that_the_provider_says(identity):
    person = await identity.person()
    session = await identity.do.see_session(await identity.logged_in(person))
    assert (session.login.insured, session.login.acr, session.login.at) == (person.insured, SUBSTANTIAL, identity.clock.now)


async def test_the_store_never_holds_what_opens_a_session(identity):
    secret = await identity.logged_in(await identity.person())
    assert list(identity.sessions.by_fingerprint) == [fingerprint_of(secret)]
    assert secret not in repr(identity.sessions)


async def test_a_login_gives_a_new_secret_and_ends_the_session_before(identity):
    person = await identity.person()
    first = await identity.logged_in(person)
    second = await identity.logged_in(person, instead_of=first)
    assert first != second
    with pytest.raises(NoSession):
        await identity.do.see_session(first)
    assert await identity.do.see_session(second)
    [told] = identity.accounts.told
    assert isinstance(told, SessionsClosed)


async def test_a_secret_that_somebody_planted_never_opens_a_session(identity):
    person = await identity.person()
    planted = "planted-by-another-site"
    assert await identity.logged_in(person, instead_of=planted) != planted
    with pytest.raises(NoSession):
        await identity.do.see_session(planted)


async def test_a_refused_login_leaves_the_session_before_alone(identity):
    secret = await identity.logged_in(await identity.person())
    with pytest.raises(LoginRefused):
        await identity.login(identity.word_for("1893120105732"), secret)
    assert await identity.do.see_session(secret)


async def test_after_logout_nothing_opens_the_session_and_its_end_is_told_once(identity):
    person = await identity.person()
    secret = await identity.logged_in(person)
    session = await identity.do.see_session(secret)
    assert await identity.do.log_out(secret) == "https://provider.example.lu/logout?sid=sid"
    assert await identity.do.log_out(secret) is None
    for use in (identity.do.see_session, identity.do.issue_person_token):
        with pytest.raises(NoSession):
            await use(secret)
    assert identity.accounts.told == [SessionsClosed(person.insured, (session.id,), identity.clock.now)]
    assert identity.sessions.by_fingerprint == {}


async def test_a_provider_that_is_not_offered_any_more_has_no_place_to_log_out(identity):
    secret = await identity.logged_in(await identity.person())
    del identity.providers.by_id["luxtrust"]
    assert await identity.do.log_out(secret) is None
    with pytest.raises(NoSession):
        await identity.do.see_session(secret)


async def test_logging_out_everywhere_ends_the_persons_sessions_and_nobody_elses(identity):
    person, other = await identity.person(), await identity.person()
    secrets = [await identity.logged_in(person) for _ in range(3)]
    others = await identity.logged_in(other)
    assert len(await identity.do.list_sessions(person.insured)) == 3
    await identity.do.log_out_everywhere(person.insured)
    for secret in secrets:
        with pytest.raises(NoSession):
            await identity.do.see_session(secret)
    assert await identity.do.see_session(others)
    [told] = identity.accounts.told
    assert (told.insured, len(told.sessions)) == (person.insured, 3)


async def test_a_person_ends_one_of_their_sessions_but_not_anothers(identity):
    person, other = await identity.person(), await identity.person()
    kept, lost = await identity.logged_in(person), await identity.logged_in(person)
    session = (await identity.do.see_session(lost)).id
    with pytest.raises(NoSession):
        await identity.do.remove_session(other.insured, session)
    await identity.do.remove_session(person.insured, session)
    with pytest.raises(NoSession):
        await identity.do.see_session(lost)
    assert [each.id for each in await identity.do.list_sessions(person.insured)] == [(await identity.do.see_session(kept)).id]
    with pytest.raises(NoSession):
        await identity.do.remove_session(person.insured, session)


async def test_sessions_are_listed_the_newest_first_and_only_while_open(identity):
    person = await identity.person()
    await identity.logged_in(person)
    identity.clock.move(minutes=20)
    newer = await identity.do.see_session(await identity.logged_in(person))
    assert (await identity.do.list_sessions(person.insured))[0].id == newer.id
    identity.clock.move(minutes=15)
    assert [each.id for each in await identity.do.list_sessions(person.insured)] == [newer.id]


async def test_a_person_who_has_died_is_logged_out(identity):
    person = await identity.person()
    secret = await identity.logged_in(person)
    dead = type(person)(**{name: getattr(person, name) for name in person.__slots__} | {"revision": 2, "deceased": True})
    for _ in range(2):  # the event comes twice
        await identity.do.record_person(dead)
        with pytest.raises(NoSession):
            await identity.do.see_session(secret)
    assert len(identity.accounts.told) == 1
    with pytest.raises(LoginRefused) as refusal:
        await identity.logged_in(person)
    assert refusal.value.why is Refusal.DECEASED


async def test_an_old_word_of_a_death_that_was_corrected_logs_nobody_out(identity):
    person = await identity.person(revision=3)
    secret = await identity.logged_in(person)
    facts = {name: getattr(person, name) for name in person.__slots__}
    await identity.do.record_person(type(person)(**facts | {"revision": 2, "deceased": True}))
    assert await identity.do.see_session(secret)


async def test_sessions_closed_by_a_call_that_died_are_told_later(identity):
    person = await identity.person()
    secret = await identity.logged_in(person)

    async def dies(*_args):
        raise RuntimeError

    telling, identity.do.end_sessions._change_account = identity.do.end_sessions._change_account, dies
    with pytest.raises(RuntimeError):
        await identity.do.log_out(secret)
    identity.do.end_sessions._change_account = telling
    with pytest.raises(NoSession):
        await identity.do.see_session(secret)
    assert identity.accounts.told == []
    assert await identity.do.end_sessions.tell_untold() == 0  # the call may still be at it
    identity.clock.move(seconds=11)
    assert await identity.do.end_sessions.tell_untold() == 1
    assert len(identity.accounts.told) == 1
    assert await identity.do.end_sessions.tell_untold() == 0


async def test_an_unused_session_ends_after_half_an_hour(identity):
    secret = await identity.logged_in(await identity.person())
    identity.clock.move(minutes=29, seconds=59)
    assert await identity.do.see_session(secret)
    identity.clock.move(seconds=1)
    for use in (identity.do.see_session, identity.do.issue_person_token):
        with pytest.raises(NoSession):
            await use(secret)


async def test_a_session_that_ended_by_itself_is_written_down_and_dropped(identity):
    person = await identity.person()
    secret = await identity.logged_in(person)
    session = await identity.do.see_session(secret)
    identity.clock.move(minutes=31)
    assert await identity.do.forget_expired() == 0
    assert identity.sessions.by_fingerprint == {}
    [end] = [each for each in identity.log.of(person.insured) if each.kind is AccessKind.SESSION_END]
    assert (end.at, dict(end.details)["why"]) == (session.ends_at, SessionEnd.EXPIRED)
    assert identity.accounts.told == []


async def test_however_many_sessions_are_over_a_bounded_number_is_read_at_once_and_all_are_dealt_with(identity, monkeypatch):
    """After a night without the service, and after a crash amid ending many."""
    for part in (forget_expired, end_sessions):
        monkeypatch.setattr(part, "AT_ONCE", 3)
    person, read = await identity.person(), []

    def noting(find):
        async def find_and_note(at, limit):
            found = await find(at, limit)
            read.append(len(found))
            return found

        return find_and_note

    for name in ("expired_before", "ended_before"):
        monkeypatch.setattr(identity.sessions, name, noting(getattr(identity.sessions, name)))
    for _ in range(7):
        await identity.logged_in(person)
    identity.clock.move(minutes=31)
    assert await identity.do.forget_expired() == 0
    for _ in range(7):
        await identity.logged_in(person)
    assert len(await identity.sessions.end(Which(insured=person.insured), identity.clock(), SessionEnd.EVERYWHERE)) == 7
    identity.clock.move(seconds=11)
    assert await identity.do.end_sessions.tell_untold() == 7
    assert identity.sessions.by_fingerprint == {}
    assert read == [3, 3, 1, 0] * 2
    assert sorted(len(told.sessions) for told in identity.accounts.told) == [1, 3, 3]


async def test_to_look_at_a_session_does_not_prolong_it(identity):
    secret = await identity.logged_in(await identity.person())
    identity.clock.move(minutes=20)
    assert (await identity.do.see_session(secret)).ends_at == identity.clock.now + timedelta(minutes=10)


async def test_a_page_that_looks_by_itself_keeps_nobody_logged_in(identity):
    secret = await identity.logged_in(await identity.person())
    for _ in range(2):
        identity.clock.move(minutes=14)
        assert (await identity.do.issue_person_token(secret, counts_as_use=False)).token
    identity.clock.move(minutes=2)
    with pytest.raises(NoSession):
        await identity.do.issue_person_token(secret, counts_as_use=False)


async def test_a_session_in_use_ends_eight_hours_after_its_login(identity):
    secret = await identity.logged_in(await identity.person())
    began = identity.clock.now
    while identity.clock.now + timedelta(minutes=29) < began + ABSOLUTE_LIMIT:
        identity.clock.move(minutes=29)
        await identity.do.issue_person_token(secret)
    session = await identity.do.see_session(secret)
    assert session.ends_at == session.latest_end == began + ABSOLUTE_LIMIT
    identity.clock.now = began + ABSOLUTE_LIMIT
    with pytest.raises(NoSession):
        await identity.do.issue_person_token(secret)


@settings(deadline=None)
@given(st.lists(st.integers(-5, 40), max_size=30))
async def test_no_way_of_using_a_session_carries_it_over_its_limits(minutes):
    identity = Identity()
    secret = await identity.logged_in(await identity.person())
    began = last_used = identity.clock.now
    for wait in minutes:
        identity.clock.move(minutes=wait)
        now = identity.clock.now
        is_open = now < last_used + IDLE_LIMIT and now < began + ABSOLUTE_LIMIT
        try:
            await identity.do.issue_person_token(secret)
        except NoSession:
            assert not is_open
            return
        assert is_open
        last_used = max(last_used, now)


async def test_a_clock_that_goes_back_shortens_no_session(identity):
    secret = await identity.logged_in(await identity.person())
    began = identity.clock.now
    identity.clock.move(minutes=-10)
    await identity.do.issue_person_token(secret)
    assert (await identity.do.see_session(secret)).ends_at == began + IDLE_LIMIT


async def test_a_session_closed_while_a_token_is_made_gives_none(identity):
    secret = await identity.logged_in(await identity.person())
    before = identity.sessions.get

    async def get_and_log_out(fingerprint):
        session = await before(fingerprint)
        await identity.do.log_out(secret)
        return session

    identity.sessions.get = get_and_log_out
    with pytest.raises(NoSession):
        await identity.do.issue_person_token(secret)


async def test_a_token_says_who_how_surely_and_since_when(identity):
    person = await identity.person()
    secret = await identity.logged_in(person)
    session = await identity.do.see_session(secret)
    identity.clock.move(minutes=5)
    issued = await identity.do.issue_person_token(secret)
    assert (issued.token, issued.session, issued.insured) == ("token 1", session.id, person.insured)
    [claims] = identity.signer.signed
    assert (claims.subject, claims.acting) == (str(person.insured), None)
    assert claims.assurance is not None
    assert (claims.assurance.acr, claims.assurance.at, claims.assurance.session) == (
        SUBSTANTIAL,
        session.login.authenticated_at,
        session.id,
    )
    assert (claims.issued_at, claims.ends_at) == (identity.clock.now, identity.clock.now + timedelta(seconds=120))


async def test_a_login_is_as_fresh_as_the_proof_at_the_provider(identity):
    person = await identity.person()
    word = identity.word_for(person.matricule)
    identity.clock.move(minutes=50)
    ended = await identity.login(word)
    assert isinstance(ended, LoggedIn)
    await identity.do.issue_person_token(ended.secret)
    [claims] = identity.signer.signed
    assert claims.assurance is not None
    assert identity.clock.now - claims.assurance.at == timedelta(minutes=50)
    assert ended.session.login.at == identity.clock.now


async def test_a_token_of_a_service_stands_for_no_person(identity):
    assert await identity.do.issue_service_token("notifications") == "token 1"
    [claims] = identity.signer.signed
    assert (claims.subject, claims.assurance) == ("notifications", None)


async def test_a_person_whose_matricule_changed_logs_in_with_the_new_one_alone(identity):
    person = await identity.person("1893120105732")
    changed = type(person)(**{name: getattr(person, name) for name in person.__slots__} | {"revision": 2, "matricule": MATRICULE})
    await identity.do.record_person(changed)
    await identity.do.record_person(person)  # the old revision, once more
    with pytest.raises(LoginRefused) as refusal:
        await identity.logged_in(person)
    assert refusal.value.why is Refusal.NOT_ON_FILE
    assert (await identity.do.see_session(await identity.logged_in(changed))).login.insured == person.insured


async def test_a_step_up_wants_a_session(identity):
    person = await identity.person()
    with pytest.raises(NoSession):
        await identity.login(identity.word_for(person.matricule), step_up=True)


async def test_a_step_up_gives_the_same_person_a_new_secret(identity):
    person = await identity.person()
    first = await identity.logged_in(person)
    identity.clock.move(minutes=20)
    ended = await identity.login(identity.word_for(person.matricule), first, step_up=True)
    assert isinstance(ended, LoggedIn)
    assert (ended.session.login.insured, ended.session.login.authenticated_at) == (person.insured, identity.clock.now)
    with pytest.raises(NoSession):
        await identity.do.see_session(first)


async def test_another_person_at_a_step_up_is_refused_and_the_session_stays(identity):
    person, other = await identity.person(), await identity.person()
    secret = await identity.logged_in(person)
    for word in (identity.word_for(other.matricule), identity.foreign_word("FR/LU/1")):
        with pytest.raises(LoginRefused) as refusal:
            await identity.login(word, secret, step_up=True)
        assert refusal.value.why is Refusal.ANOTHER_PERSON
    assert (await identity.do.see_session(secret)).login.insured == person.insured
    assert len(identity.sessions.by_fingerprint) == 1


async def test_a_provider_that_is_not_offered_any_more_finishes_no_login(identity):
    person = await identity.person()
    plain = identity.luxtrust

    def gone(_provider):
        return plain if identity.attempts.by_fingerprint == {} and not began else None

    began: list[bool] = []
    identity.providers.get = gone
    add = identity.attempts.add

    async def added(*args):
        began.append(True)
        await add(*args)

    identity.attempts.add = added
    with pytest.raises(LoginRefused) as refusal:
        await identity.logged_in(person)
    assert refusal.value.why is Refusal.OTHER_PROVIDER


async def test_an_account_that_others_change_meanwhile_is_changed_on_its_newest_state(identity):
    person = await identity.person()
    identity.accounts.conflicts = 4
    await identity.do.request_contact_code(person.insured, "a@example.lu")
    assert len(identity.accounts.told) == 1
    identity.accounts.conflicts = 5
    with pytest.raises(VersionConflict):
        await identity.do.request_contact_code(person.insured, "b@example.lu")
    identity.accounts.conflicts = 0
    await ChangeAccount(identity.accounts)(person.insured, lambda account: account.contact)  # changes nothing, so nothing is saved
    assert identity.accounts.by_id[person.insured].version == 1
