from __future__ import annotations

import hashlib
import json

import pytest

from espace_notifications.domain.letter import CalledOff, CallOff, Failed, Failure, LetterState, Posted
from espace_notifications.domain.manifest import MANIFEST
from espace_notifications.domain.print_run import LEASE, RunState

from .world import Post, a_letter, content_of


@pytest.fixture
def post() -> Post:
    return Post()


async def test_a_letter_waits_for_others_until_the_cut_off(post):
    first = await post.queued(1)
    post.clock.passes(1.9)
    second = await post.queued(2)
    await post.round()
    assert post.spool.handed_over() == []
    post.clock.passes(0.1)
    await post.round()
    assert post.letter(first).print_run == post.letter(second).print_run is not None
    assert len(post.spool.handed_over()) == 1


async def test_a_run_holds_each_letter_with_its_address_sheet_and_a_manifest(post):
    letters = [await post.queued(number) for number in (1, 2)]
    await post.after_the_cut_off()
    (folder,) = post.spool.handed_over()
    manifest = json.loads(folder.pop(MANIFEST))
    (run,) = post.runs.kept.values()
    assert manifest["schema_version"] == 2
    assert manifest["print_run"] == str(run.id)
    assert [(entry["position"], entry["letter"]) for entry in manifest["letters"]] == [(1, str(letters[0].id)), (2, str(letters[1].id))]
    for entry, letter in zip(manifest["letters"], letters, strict=True):
        assert folder.pop(entry["file"]) == content_of(letter.id)
        assert (entry["sha256"], entry["size"], entry["pages"]) == (letter.sha256, letter.size, 2)
        sheet = folder.pop(entry["address_sheet"])
        assert b"rue des Fleurs" in sheet
        assert entry["address_sheet_sha256"] == hashlib.sha256(sheet).hexdigest()
    assert folder == {}, "nothing else lies in a run"


async def test_a_printed_letter_is_told_as_posted_once(post):
    letter = await post.queued(1)
    await post.after_the_cut_off()
    await post.after_the_cut_off()
    kept = post.letter(letter)
    assert kept.state is LetterState.POSTED
    assert post.letters.told == [Posted(letter.insured, letter.id, letter.document, kept.print_run, kept.posted_at)]
    assert [run.state for run in post.runs.kept.values()] == [RunState.HANDED_OVER]
    assert post.spool.attempts == {}


@pytest.mark.parametrize("trouble", ["homeless", "unprintable"])
async def test_a_letter_without_a_usable_address_becomes_a_task_and_holds_up_nobody(post, trouble):
    homeless, other = await post.queued(1), await post.queued(2)
    getattr(post.source, trouble).add(homeless.id)
    await post.after_the_cut_off()
    assert post.letter(homeless).state is LetterState.FAILED
    assert Failed(homeless.insured, homeless.id, homeless.document, Failure.NO_USABLE_ADDRESS) in post.letters.told
    assert post.folders_with(homeless) == []
    assert len(post.folders_with(other)) == 1


async def test_a_letter_whose_content_was_altered_is_never_printed(post):
    altered = await post.queued(1)
    post.source.altered = {altered.id}
    await post.after_the_cut_off()
    assert post.letter(altered).failure is Failure.CONTENT_ALTERED
    assert post.letters.told == [Failed(altered.insured, altered.id, altered.document, Failure.CONTENT_ALTERED)]
    assert post.spool.handed_over() == [], "a run without letters is not shown to the printer"
    assert [run.state for run in post.runs.kept.values()] == [RunState.HANDED_OVER]


@pytest.mark.parametrize("why", CallOff)
async def test_a_letter_that_is_not_to_be_posted_any_more_stays_in_the_house_and_is_asked_for_no_more(post, why):
    gone, other = await post.queued(1), await post.queued(2)
    post.source.no_more = {gone.id: why}
    await post.after_the_cut_off()
    kept = post.letter(gone)
    assert (kept.state, kept.called_off, kept.called_off_at) == (LetterState.CALLED_OFF, why, post.clock.now)
    assert kept.problem.endswith("before the letter left.")
    assert (post.folders_with(gone), len(post.folders_with(other))) == ([], 1)
    post.source.no_more = {}
    post.clock.passes(6 * 3600)
    await post.letters.add(a_letter(1))  # the order is told again
    await post.after_the_cut_off()
    assert post.letter(gone) == kept
    assert [event for event in post.letters.told if event.letter == gone.id] == [
        CalledOff(gone.insured, gone.id, gone.document, why, kept.called_off_at)
    ]


async def test_what_is_withdrawn_once_its_letter_has_left_changes_nothing(post):
    letter = await post.queued(1)
    await post.after_the_cut_off()
    post.source.no_more = {letter.id: CallOff.DOCUMENT_WITHDRAWN}
    kept = post.letter(letter)
    await post.letters.add(a_letter(1))
    await post.after_the_cut_off()
    await post.look_again()
    assert (post.letter(letter), kept.state, len(post.folders_with(letter))) == (kept, LetterState.POSTED, 1)


async def test_a_letter_withdrawn_between_its_address_and_its_pdf_stays_in_the_house(post, monkeypatch):
    letter = await post.queued(1)
    address = post.source.address

    async def then_withdrawn(wanted):
        found = await address(wanted)
        post.source.no_more = {wanted: CallOff.DOCUMENT_WITHDRAWN}
        return found

    monkeypatch.setattr(post.source, "address", then_withdrawn)
    await post.after_the_cut_off()
    assert post.letter(letter).state is LetterState.CALLED_OFF
    assert post.spool.handed_over() == []


async def test_a_letter_that_cannot_be_fetched_lets_the_others_go_and_waits_for_a_later_run(post):
    late, other = await post.queued(1), await post.queued(2)
    post.source.unavailable = {late.id}
    await post.after_the_cut_off()
    assert len(post.folders_with(other)) == 1
    assert post.letter(late).state is LetterState.QUEUED
    assert post.letter(late).problem == "The documents service did not give the letter."
    post.source.unavailable = set()
    await post.after_the_cut_off()
    assert post.folders_with(late) == [], "it is not yet time for its next run"
    post.clock.passes(60)
    await post.after_the_cut_off()
    assert len(post.folders_with(late)) == 1
    assert post.letter(late).problem is None
    assert len(post.letters.told) == 2


async def test_a_letter_that_misses_run_after_run_waits_longer_each_time_but_never_more_than_six_hours(post):
    letter = await post.queued(1)
    post.source.unavailable = {letter.id}
    waits = []
    for _ in range(14):
        post.clock.now = max(post.clock.now, post.letter(letter).waits_from)
        await post.after_the_cut_off()
        waits.append((post.letter(letter).waits_from - post.clock.now).total_seconds())
    assert waits == [*(10 * 2**missed for missed in range(12)), 6 * 3600, 6 * 3600]
    assert post.letter(letter).runs_missed == 14


async def test_a_run_waits_while_the_documents_service_is_away(post):
    letter = await post.queued(1)
    post.source.away = True
    await post.after_the_cut_off()
    (run,) = post.runs.kept.values()
    assert run.problem == "The documents service cannot be reached."
    waits = []
    for _ in range(7):
        waits.append((run.next_try_at - post.clock.now).total_seconds())
        post.clock.now = run.next_try_at
        await post.round()
        (run,) = post.runs.kept.values()
    assert waits == [2, 4, 8, 16, 32, 60, 60]
    post.source.away = False
    post.clock.now = run.next_try_at
    await post.round()
    assert post.letter(letter).print_run == run.id
    assert len(post.folders_with(letter)) == 1
    assert post.spool.attempts == {}


async def test_a_run_in_hand_is_left_alone_until_its_lease_ends(post):
    await post.queued(1)
    post.clock.passes(2)
    (run_id,) = await post.form(post.clock.now)
    run = await post.runs.get(run_id)
    run.begin(post.clock.now)
    await post.runs.save(run)
    await post.round()
    await post.carry_out(run_id)
    assert post.spool.handed_over() == []
    post.clock.passes(LEASE.total_seconds())
    await post.round()
    assert len(post.spool.handed_over()) == 1


async def test_a_run_that_takes_long_keeps_its_lease(post, monkeypatch):
    letters = [await post.queued(number) for number in (1, 2, 3)]
    fetch = post.source.pdf

    async def slowly(letter):
        post.clock.passes(6)
        assert await post.due(post.clock.now) == [], "another replica would take it up"
        return await fetch(letter)

    monkeypatch.setattr(post.source, "pdf", slowly)
    await post.after_the_cut_off()
    assert [len(post.folders_with(letter)) for letter in letters] == [1, 1, 1]


async def test_a_run_whose_letters_went_into_other_runs_is_removed(post):
    letter = await post.queued(1)
    post.clock.passes(2)
    (run_id,) = await post.form(post.clock.now)
    taken = await post.letters.get(letter.id)
    taken.claim(a_letter(9).id)
    await post.letters.save(taken)
    await post.carry_out(run_id)
    assert post.runs.kept == {}
    assert post.spool.handed_over() == []


async def test_two_replicas_that_close_the_same_queue_form_the_same_run(post):
    await post.queued(1)
    post.clock.passes(2)
    assert await post.form(post.clock.now) == await post.form(post.clock.now)
    assert len(post.runs.kept) == 1


async def test_a_run_that_is_gone_or_done_needs_nothing(post):
    await post.queued(1)
    await post.after_the_cut_off()
    (run_id,) = post.runs.kept
    await post.carry_out(run_id)
    await post.carry_out(a_letter(9).id)
    assert len(post.letters.told) == 1


async def test_a_letter_whose_run_does_not_exist_returns_to_the_queue(post):
    stray, other = await post.queued(1), await post.queued(2)
    await post.after_the_cut_off()
    (run_id,) = post.runs.kept
    assert await post.return_strays() == 0
    held, another, lost = sorted((a_letter(3), a_letter(5), a_letter(4)), key=lambda letter: letter.id)
    for letter, run in ((held, run_id), (another, run_id), (lost, a_letter(9).id)):
        letter.claim(run)
        await post.letters.add(letter)
    read, get = [], post.runs.get
    post.runs.get = lambda run: read.append(run) or get(run)
    assert await post.return_strays() == 0, "a look takes two"
    assert await post.return_strays() == 1, "and the next goes on behind them"
    assert read == [run_id, a_letter(9).id], "each run is read once a look, however many letters it holds"
    assert await post.return_strays() == 0
    assert post.letter(lost).state is LetterState.QUEUED
    assert post.letter(held).state is LetterState.IN_RUN
    assert post.letter(stray).state is post.letter(other).state is LetterState.POSTED


async def test_what_an_attempt_left_behind_is_removed_once_its_run_is_handed_over(post):
    await post.queued(1)
    await post.after_the_cut_off()
    (run,) = post.runs.kept.values()
    await post.spool.start(run.assembly)
    assert await post.remove_abandoned() == 1
    assert post.spool.attempts == {}
    assert await post.remove_abandoned() == 0


async def test_the_folder_of_a_run_in_hand_is_not_swept(post):
    await post.queued(1)
    post.source.away = True
    await post.after_the_cut_off()
    assert len(post.spool.attempts) == 1
    assert await post.remove_abandoned() == 0
    assert len(post.spool.attempts) == 1


async def test_a_printer_that_takes_its_time_over_each_file_gets_no_run_taken_from_who_works_on_it(post, monkeypatch):
    put, taken_over = post.spool.put, []

    async def slowly(assembly, file, content):
        post.clock.passes(7.5)
        taken_over.extend(run.id for run in post.runs.kept.values() if run.due(post.clock.now))
        await put(assembly, file, content)

    monkeypatch.setattr(post.spool, "put", slowly)
    letters = [await post.queued(number) for number in range(3)]
    await post.after_the_cut_off()
    assert {post.letter(letter).state for letter in letters} == {LetterState.POSTED}
    assert taken_over == []
