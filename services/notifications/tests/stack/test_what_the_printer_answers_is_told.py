from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from uuid import uuid4

from espace_contracts.events import LetterDispatched, LetterFailed, LetterPosted, LetterReturned
from espace_contracts.events.letter_returned_v1 import ReturnReason
from espace_kernel.clock import utc_now
from espace_kernel.store import AggregateStore
from espace_notifications.domain.letter import Failure, Letter
from espace_notifications.domain.print_run import PrintRun
from espace_notifications.events.outgoing import contract_of
from espace_notifications.storage import queries

from ..unit.printers_server import PrintersServer  # noqa: TID252  # tests have no name from which they could be imported
from ..unit.world import NOON, a_letter  # noqa: TID252  # nor here
from .neighbours import until


def answers(stage, content) -> None:
    """The printer answers, in one step."""
    unfinished = stage.spool / "answers" / f"{uuid4()}.part"
    unfinished.write_text(json.dumps(content))
    unfinished.rename(unfinished.with_suffix(".json"))


def told_back(letter) -> dict:
    line = {"letter": str(letter), "reason": "moved", "returned_at": utc_now().isoformat()}
    return {"schema_version": 1, "answer": "returned", "letters": [line]}


async def test_dispatch_and_return_are_told_once_by_two_replicas_and_operators_see_them(stage):
    kept, back = stage.letter(), stage.letter()
    as_service = {"authorization": f"Bearer {stage.neighbours.token('service', 'oversight')}"}
    async with stage.service(print_run_seconds=1) as http, stage.service():
        await stage.tell(kept, back)
        run = (await stage.letter_is(kept.letter, "posted"))["print_run"]
        await stage.letter_is(back.letter, "posted")
        moment = utc_now().isoformat()
        for _ in range(2):
            answers(stage, {"schema_version": 1, "answer": "dispatched", "print_run": str(run), "dispatched_at": moment})
        await stage.letter_is(back.letter, "dispatched")
        content = told_back(back.letter)
        answers(stage, content)
        await stage.letter_is(back.letter, "returned")
        answers(stage, content)
        answers(stage, {"schema_version": 1, "answer": "dispatched", "print_run": str(uuid4()), "dispatched_at": moment})

        async def all_read() -> bool:
            return not list((stage.spool / "answers").glob("*.json"))

        await until(all_read)
        runs = (await http.get("/internal/print-runs", headers=as_service)).json()["print_runs"]
        (shown,) = [each for each in runs if each["print_run"] == str(run)]
        assert (shown["posted"], shown["acknowledged"], shown["returned"]) == (2, 1, 1)
        letter = (await http.get(f"/internal/letters/{back.letter}", headers=as_service)).json()
        assert (letter["state"], letter["return_reason"], letter["dispatched_at"]) == ("returned", "moved", moment.replace("+00:00", "Z"))
        tasks = (await http.get("/internal/operator-tasks", headers=as_service)).json()
        (rejected,) = tasks["rejected_answers"]
        assert rejected["reason"].startswith("There is no print run")
        assert tasks["printer_problem"] is None

    posted, dispatched = await stage.deliveries_of(kept.letter)
    assert isinstance(posted, LetterPosted)
    assert isinstance(dispatched, LetterDispatched)
    assert dispatched.print_run == posted.print_run
    assert [type(event) for event in await stage.deliveries_of(back.letter)] == [LetterPosted, LetterDispatched, LetterReturned]
    returned = (await stage.deliveries_of(back.letter))[-1]
    assert (returned.reason, returned.document) == (ReturnReason.MOVED, back.document)


async def test_a_held_letter_is_a_task_until_an_operator_puts_it_back_and_then_goes_once(stage):
    homeless = stage.letter()
    address = stage.neighbours.addressees.copy()
    stage.neighbours.addressees[homeless.letter] = None
    as_service = {"authorization": f"Bearer {stage.neighbours.token('service', 'oversight')}"}
    requeue = f"/internal/letters/{homeless.letter}/requeue"
    async with stage.service() as http:
        await stage.tell(homeless)
        await stage.letter_is(homeless.letter, "failed")
        held = (await http.get("/internal/operator-tasks", headers=as_service)).json()["held_letters"]
        (task,) = [each for each in held if each["letter"] == str(homeless.letter)]
        assert task["reason"] == "The person has no usable address on file."
        assert task["since"] is not None
        assert "insured" not in task

        stage.neighbours.addressees = address  # the fund corrected the file
        both = await asyncio.gather(*[http.post(requeue, headers=as_service) for _ in range(2)])
        assert {answer.status_code for answer in both} <= {200, 412}
        assert 200 in {answer.status_code for answer in both}
        await stage.letter_is(homeless.letter, "posted")
        late = await http.post(requeue, headers=as_service)
        assert (late.status_code, late.json()["state"]) == (200, "posted")
        held = (await http.get("/internal/operator-tasks", headers=as_service)).json()["held_letters"]
        assert str(homeless.letter) not in {each["letter"] for each in held}

        assert (await http.post(f"/internal/letters/{uuid4()}/requeue", headers=as_service)).status_code == 404
        as_person = {"authorization": f"Bearer {stage.neighbours.token('person', str(uuid4()))}"}
        for ask in (http.get("/internal/operator-tasks", headers=as_person), http.post(requeue, headers=as_person)):
            assert (await ask).status_code == 403
    assert len(stage.folders_with(homeless.letter)) == 1
    assert [type(event) for event in await stage.deliveries_of(homeless.letter)] == [LetterFailed, LetterPosted]


async def test_letters_that_wait_are_found_to_the_last_however_many_they_are(stage, monkeypatch):
    monkeypatch.setattr(queries, "_LETTERS_AT_ONCE", 2)
    letters = AggregateStore(stage.database["waiting_letters"], Letter, contract_of=contract_of, wake=lambda *_: None)
    held, in_runs = [], []
    for number in range(10):
        letter = a_letter(number)
        letter.claim(uuid4())
        if number % 2:
            letter.fail(Failure.NO_USABLE_ADDRESS, "The person has no usable address on file.", utc_now())
        await letters.add(letter)
        (held if number % 2 else in_runs).append(letter.id)
    await letters.add(a_letter(10))
    find = queries.LetterQueries(letters)
    for look, ids in ((find.held_behind, held), (find.in_runs, in_runs)):
        found, behind = [], None
        while part := await look(behind):
            assert len(part) <= 2
            behind = part[-1].id
            found += [letter.id for letter in part]
        assert found == sorted(ids)
    assert await find.how_many_held() == len(held)
    await stage.database["waiting_letters"].drop()


async def test_of_what_people_have_to_look_after_the_oldest_are_read_and_all_are_counted(stage, monkeypatch):
    monkeypatch.setattr(queries, "_RUNS_AT_ONCE", 2)
    letters = AggregateStore(stage.database["silent_letters"], Letter, contract_of=contract_of, wake=lambda *_: None)
    runs = AggregateStore(stage.database["silent_runs"], PrintRun, contract_of=contract_of, wake=lambda *_: None)
    for number in range(3):
        at = NOON + timedelta(days=number)
        letter = a_letter(number)
        run = PrintRun(id=uuid4(), candidates=(), created_at=at, next_try_at=at, in_doubt_since=at)
        letter.claim(run.id)
        letter.post(at)
        await letters.add(letter)
        await runs.add(run)
    later = NOON + timedelta(days=9)
    silent = await queries.LetterQueries(letters).silent(later)
    in_doubt = await queries.PrintRunQueries(runs).in_doubt()
    oldest = [NOON, NOON + timedelta(days=1)]
    assert [run.posted_at for run in silent] == [run.in_doubt_since for run in in_doubt] == oldest
    assert await queries.LetterQueries(letters).unacknowledged(later) == 3
    assert await queries.PrintRunQueries(runs).how_many_in_doubt() == 3
    assert await queries.PrintRunQueries(runs).due(later) == [run.id for run in in_doubt]
    for collection in ("silent_letters", "silent_runs"):
        await stage.database[collection].drop()


async def test_operators_learn_of_letters_that_the_printer_should_have_acknowledged(stage):
    wanted = stage.letter()
    as_service = {"authorization": f"Bearer {stage.neighbours.token('service', 'oversight')}"}
    async with stage.service() as http:
        await stage.tell(wanted)
        run = (await stage.letter_is(wanted.letter, "posted"))["print_run"]
        silent = (await http.get("/internal/operator-tasks", headers=as_service)).json()["silent_print_runs"]
        assert str(run) not in {each["print_run"] for each in silent}
        await stage.database["letters"].update_one({"_id": wanted.letter}, {"$set": {"posted_at": utc_now() - timedelta(days=7)}})
        silent = (await http.get("/internal/operator-tasks", headers=as_service)).json()["silent_print_runs"]
        assert [each["letters"] for each in silent if each["print_run"] == str(run)] == [1]
    assert len(stage.folders_with(wanted.letter)) == 1


async def test_letters_of_a_cut_off_that_was_missed_go_in_one_run_of_two_replicas(stage):
    wanted = [stage.letter() for _ in range(6)]
    async with stage.service(print_run_seconds=3600):
        await stage.tell(*wanted)
        for letter in wanted:
            await stage.letter_is(letter.letter, "queued")
    long_ago = utc_now() - timedelta(days=7)
    await stage.database["letters"].update_many({"_id": {"$in": [each.letter for each in wanted]}}, {"$set": {"waits_from": long_ago}})
    async with stage.service(print_cut_offs="12:00,16:00"), stage.service(print_cut_offs="12:00,16:00"):
        stored = [await stage.letter_is(letter.letter, "posted") for letter in wanted]
    (run,) = {letter["print_run"] for letter in stored}
    manifest = json.loads((stage.spool / "ready" / str(run) / "manifest.json").read_text())
    assert manifest["total_letters"] == 6
    assert manifest["cut_off"] is not None


async def test_over_sftp_a_run_goes_to_the_printers_server_and_its_answer_is_read_there(stage, tmp_path):
    server = await PrintersServer(tmp_path / "printer", stage.secrets).opens()
    wanted = stage.letter()
    async with stage.service(print_sftp=f"sftp://espace@127.0.0.1:{server.port}/post"):
        await stage.tell(wanted)
        run = (await stage.letter_is(wanted.letter, "posted"))["print_run"]
        folder = server.root / "post" / "ready" / str(run)
        assert len(list(folder.iterdir())) == 3
        folder.rename(server.root / "post" / "taken" / folder.name)
        (server.root / "post" / "answers" / "back.json").write_text(json.dumps(told_back(wanted.letter)))
        await stage.letter_is(wanted.letter, "returned")
    await server.goes()
    assert not stage.spool.exists()
    assert [type(event) for event in await stage.deliveries_of(wanted.letter)] == [LetterPosted, LetterReturned]
