from __future__ import annotations

import asyncio
import hashlib
import json
from importlib.resources import files
from uuid import uuid4

import jsonschema
import pytest
from fastapi import Response
from fastapi.responses import JSONResponse

from espace_contracts.events import LetterCalledOff, LetterFailed, LetterPosted
from espace_contracts.events.letter_failed_v1 import LetterFailure
from espace_kernel.clock import utc_now

from .neighbours import until

SCHEMA = json.loads(files("espace_notifications").joinpath("assets/print_run_manifest.v2.schema.json").read_text(encoding="utf-8"))


def a_problem(status: int, name: str) -> JSONResponse:
    return JSONResponse({"type": f"/problems/{name}", "status": status}, status, media_type="application/problem+json")


async def test_a_letter_requested_twice_lies_in_one_print_run_with_its_address_sheet(stage):
    wanted = stage.letter()
    async with stage.service():
        messages = await stage.tell(wanted)
        await stage.send(*messages)
        await stage.letter_is(wanted.letter, "posted")
        await stage.send(*messages)
        later = stage.letter()
        await stage.tell(later.model_copy(update={"insured": wanted.insured}))  # the same person's, so it comes after the repeat
        await stage.letter_is(later.letter, "posted")

    (folder,) = stage.folders_with(wanted.letter)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(manifest)
    (entry,) = manifest["letters"]
    assert entry["letter"] == str(wanted.letter)
    assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == wanted.pdf.sha256 == entry["sha256"]
    sheet = (folder / entry["address_sheet"]).read_bytes()
    assert sheet == b"%PDF-1.7 the address of " + wanted.letter.bytes
    assert hashlib.sha256(sheet).hexdigest() == entry["address_sheet_sha256"]
    assert {file.name for file in folder.iterdir()} == {"manifest.json", entry["file"], entry["address_sheet"]}
    (told,) = await stage.deliveries_of(wanted.letter)
    assert isinstance(told, LetterPosted)
    assert (str(told.print_run), told.document) == (manifest["print_run"], wanted.document)


async def test_letters_that_wait_together_go_together_and_one_token_serves_them_all(stage):
    wanted = [stage.letter() for _ in range(5)]
    async with stage.service(print_run_seconds=1.5):
        await stage.tell(*wanted)
        stored = [await stage.letter_is(letter.letter, "posted") for letter in wanted]
    assert len({letter["print_run"] for letter in stored}) == 1
    assert stage.neighbours.tokens_given == 1


@pytest.mark.parametrize("addressee", [None, {"name": "Maria Muster", "lines": [], "country": "LU"}])
async def test_a_letter_without_a_usable_address_is_told_as_failed(stage, addressee):
    homeless, other = stage.letter(), stage.letter()
    stage.neighbours.addressees[homeless.letter] = addressee
    async with stage.service():
        await stage.tell(homeless, other)
        await stage.letter_is(homeless.letter, "failed")
        await stage.letter_is(other.letter, "posted")
    assert stage.folders_with(homeless.letter) == []
    (told,) = await stage.deliveries_of(homeless.letter)
    assert isinstance(told, LetterFailed)
    assert told.reason is LetterFailure.NO_USABLE_ADDRESS


async def test_a_letter_whose_address_cannot_be_printed_is_told_as_failed(stage):
    wanted = stage.letter()
    stage.neighbours.sheets[wanted.letter] = a_problem(500, "address-unprintable")
    async with stage.service():
        await stage.tell(wanted)
        await stage.letter_is(wanted.letter, "failed")
    (told,) = await stage.deliveries_of(wanted.letter)
    assert isinstance(told, LetterFailed)
    assert told.reason is LetterFailure.NO_USABLE_ADDRESS


@pytest.mark.parametrize("sheet", [a_problem(503, "typesetting-interrupted"), Response(b"<html>")], ids=["too slow", "no PDF"])
async def test_a_letter_whose_address_sheet_does_not_come_holds_up_no_other(stage, sheet):
    stuck, other = stage.letter(), stage.letter()
    stage.neighbours.sheets[stuck.letter] = sheet
    async with stage.service():
        await stage.tell(stuck, other)
        await stage.letter_is(other.letter, "posted")
        await until_left_out(stage, stuck.letter)
        del stage.neighbours.sheets[stuck.letter]
        await stage.leases_end()
        await stage.letter_is(stuck.letter, "posted")
    assert len(stage.folders_with(stuck.letter)) == 1


async def test_a_letter_whose_pdf_was_altered_is_told_as_failed_and_never_printed(stage):
    altered = stage.letter()
    stage.neighbours.letters[altered.letter] = stage.neighbours.letters[altered.letter].replace(b"letter", b"LETTER")
    async with stage.service():
        await stage.tell(altered)
        await stage.letter_is(altered.letter, "failed")
    assert stage.folders_with(altered.letter) == []
    (told,) = await stage.deliveries_of(altered.letter)
    assert isinstance(told, LetterFailed)
    assert told.reason is LetterFailure.CONTENT_ALTERED


@pytest.mark.parametrize(
    "answer",
    [Response(status_code=404), Response(status_code=500), Response(b"%PDF-", headers={"content-length": "9"})],
    ids=["not found", "defect", "broken off"],
)
async def test_a_letter_that_documents_cannot_give_holds_up_no_other_and_goes_later(stage, answer):
    stuck, other = stage.letter(), stage.letter()
    stage.neighbours.answers[stuck.letter] = answer
    async with stage.service():
        await stage.tell(stuck, other)
        await stage.letter_is(other.letter, "posted")
        await until_left_out(stage, stuck.letter)
        assert stage.folders_with(stuck.letter) == []
        del stage.neighbours.answers[stuck.letter]
        await stage.leases_end()
        await stage.letter_is(stuck.letter, "posted")
    assert len(stage.folders_with(stuck.letter)) == 1
    assert len(await stage.deliveries_of(stuck.letter)) == 1


async def test_a_letter_that_must_stay_in_the_house_is_called_off_whether_that_was_said_before_its_order_or_after(stage):
    early, late, other = stage.letter(), stage.letter(), stage.letter()
    stage.neighbours.gone[early.letter] = "document-withdrawn"
    async with stage.service(print_run_seconds=3600):
        told = await stage.tell(early, late, other)
        await stage.letter_is(late.letter, "queued")
    stage.neighbours.gone[late.letter] = "recipient-erased"
    async with stage.service() as http:
        await stage.letter_is(other.letter, "posted")
        kept = [await stage.letter_is(letter.letter, "called_off") for letter in (early, late)]
        stage.neighbours.gone.clear()
        await stage.send(*told)
        again = stage.letter()
        await stage.tell(again)
        await stage.letter_is(again.letter, "posted")
        as_service = {"authorization": f"Bearer {stage.neighbours.token('service', 'oversight')}"}
        shown = (await http.get(f"/internal/letters/{late.letter}", headers=as_service)).json()
    assert (shown["state"], shown["called_off"], shown["failure"]) == ("called_off", "recipient_erased", None)
    for letter, before, reason in zip((early, late), kept, ("document_withdrawn", "recipient_erased"), strict=True):
        assert (await stage.letter_is(letter.letter, "called_off"))["version"] == before["version"], "a repeat changes nothing"
        assert stage.folders_with(letter.letter) == []
        (event,) = await stage.deliveries_of(letter.letter)
        assert isinstance(event, LetterCalledOff)
        assert (event.document, event.reason, event.called_off_at) == (letter.document, reason, before["called_off_at"])


async def test_a_run_that_a_restored_store_forms_anew_with_other_letters_is_an_operators_task(stage):
    first, second = stage.letter(), stage.letter()
    async with stage.service(print_run_seconds=3600):
        for letter in (first, second):
            await stage.tell(letter)
            await stage.letter_is(letter.letter, "queued")
    ours = {"_id": {"$in": [first.letter, second.letter]}}
    backup = [letter async for letter in stage.database["letters"].find(ours)]
    async with stage.service():
        run = (await stage.letter_is(first.letter, "posted"))["print_run"]
        await stage.letter_is(second.letter, "posted")
    assert len(stage.folders_with(first.letter)) == len(stage.folders_with(second.letter)) == 1

    await stage.database["print_runs"].delete_one({"_id": run})
    for letter in backup:
        await stage.database["letters"].replace_one({"_id": letter["_id"]}, letter)
    stage.neighbours.answers[second.letter] = Response(status_code=500)
    as_service = {"authorization": f"Bearer {stage.neighbours.token('service', 'oversight')}"}
    async with stage.service() as http:

        async def task() -> dict | None:
            tasks = (await http.get("/internal/operator-tasks", headers=as_service)).json()["print_runs_in_doubt"]
            return next((task for task in tasks if task["print_run"] == str(run)), None)

        assert "holds other letters" in (await until(task))["reason"]
        for letter in (first, second):
            await stage.letter_is(letter.letter, "in_run")
        async with stage.service() as another:  # which looks at once, as it starts

            async def told() -> bool:
                return "espace_print_runs_in_doubt 1.0" in (await another.get("/metrics")).text

            await until(told)
        settled = await http.post(f"/internal/print-runs/{run}/settle-by-folder", headers=as_service)
        assert (settled.status_code, len(settled.json()["letters"]), settled.json()["left_out"]) == (200, 2, [])
        await stage.leases_end()
        for letter in (first, second):
            await stage.letter_is(letter.letter, "posted")
        assert await task() is None
    assert len(stage.folders_with(first.letter)) == len(stage.folders_with(second.letter)) == 1
    del stage.neighbours.answers[second.letter]


async def test_a_run_waits_for_the_documents_service_and_the_service_stays_ready(stage):
    wanted = stage.letter()
    await stage.neighbours.go()
    async with stage.service() as http:
        await stage.tell(wanted)
        problem = await waiting_run_of(stage, wanted.letter)
        assert problem == "The documents service or identity cannot be reached."
        assert (await http.get("/readyz")).status_code == 200
        await stage.neighbours.come()
        await stage.leases_end()
        await stage.letter_is(wanted.letter, "posted")
    assert len(stage.folders_with(wanted.letter)) == 1


async def test_a_run_waits_when_the_client_secret_is_wrong_and_says_so(stage):
    wanted = stage.letter()
    secret = stage.secrets / "notifications.client-secret"
    right = secret.read_text()
    secret.write_text("wrong")
    async with stage.service():
        await stage.tell(wanted)
        assert "client secret of notifications" in await waiting_run_of(stage, wanted.letter)
        secret.unlink()
        await stage.leases_end()

        async def says_that_it_is_missing() -> bool:
            return "notifications.client-secret is missing" in await waiting_run_of(stage, wanted.letter)

        await until(says_that_it_is_missing)
        secret.write_text(right)
        await stage.leases_end()
        await stage.letter_is(wanted.letter, "posted")


async def test_a_token_that_does_not_hold_any_more_is_replaced(stage):
    first, second = stage.letter(), stage.letter()
    async with stage.service():
        await stage.tell(first)
        await stage.letter_is(first.letter, "posted")
        stage.neighbours.key_lost = True
        await stage.tell(second)
        assert "status 401" in await waiting_run_of(stage, second.letter)
        stage.neighbours.key_lost = False
        await stage.leases_end()
        await stage.letter_is(second.letter, "posted")
    assert stage.neighbours.tokens_given == 2


async def test_two_replicas_print_each_letter_once(stage):
    wanted = [stage.letter() for _ in range(30)]
    async with stage.service(), stage.service():
        for letter in wanted:
            await stage.tell(letter)
        await asyncio.gather(*[stage.letter_is(letter.letter, "posted") for letter in wanted])
    assert [len(stage.folders_with(letter.letter)) for letter in wanted] == [1] * 30
    assert list(stage.spool.glob("incoming/*")) == []


async def test_a_letter_whose_run_was_lost_with_the_store_is_printed_after_all(stage):
    wanted = stage.letter()
    async with stage.service(print_run_seconds=3600):
        await stage.tell(wanted)
        await stage.letter_is(wanted.letter, "queued")
    await stage.database["letters"].update_one({"_id": wanted.letter}, {"$set": {"state": "in_run", "print_run": uuid4()}})
    async with stage.service():
        await stage.letter_is(wanted.letter, "queued")
        await stage.leases_end()
        await stage.letter_is(wanted.letter, "posted")
    assert len(stage.folders_with(wanted.letter)) == 1


async def test_operators_see_runs_and_letters_and_nobody_else_does(stage):
    wanted, homeless = stage.letter(), stage.letter()
    stage.neighbours.addressees[homeless.letter] = None
    as_service = {"authorization": f"Bearer {stage.neighbours.token('service', 'oversight')}"}
    as_person = {"authorization": f"Bearer {stage.neighbours.token('person', str(uuid4()))}"}
    async with stage.service(print_run_seconds=1) as http:
        await stage.tell(wanted, homeless)
        stored = await stage.letter_is(wanted.letter, "posted")
        await stage.letter_is(homeless.letter, "failed")

        async def handed_over() -> dict | None:
            runs = (await http.get("/internal/print-runs", headers=as_service)).json()["print_runs"]
            return next((run for run in runs if run["print_run"] == str(stored["print_run"]) and run["state"] == "handed_over"), None)

        run = await until(handed_over)
        assert run["letters"] == [{"letter": str(wanted.letter), "sha256": wanted.pdf.sha256, "pages": 2, "country": "LU"}]
        assert (run["posted"], run["acknowledged"], run["returned"]) == (1, 0, 0)
        assert run["left_out"] == [{"letter": str(homeless.letter), "problem": "The person has no usable address on file."}]

        letter = (await http.get(f"/internal/letters/{wanted.letter}", headers=as_service)).json()
        assert (letter["state"], letter["print_run"], letter["failure"]) == ("posted", str(stored["print_run"]), None)
        assert "insured" not in letter
        failed = (await http.get(f"/internal/letters/{homeless.letter}", headers=as_service)).json()
        assert (failed["state"], failed["failure"]) == ("failed", "no_usable_address")

        assert (await http.get(f"/internal/letters/{uuid4()}", headers=as_service)).status_code == 404
        for path in ("/internal/print-runs", f"/internal/letters/{wanted.letter}"):
            assert (await http.get(path)).status_code == 401
            assert (await http.get(path, headers=as_person)).status_code == 403


async def until_left_out(stage, letter) -> None:
    """Returns when a run has put the letter back into the queue."""

    async def left_out() -> bool:
        return (await stage.letter_is(letter, "queued")).get("runs_missed", 0) == 1

    await until(left_out)


async def waiting_run_of(stage, letter) -> str:
    """The problem for which the letter's run waits."""

    async def waits() -> str | None:
        run = await stage.database["print_runs"].find_one({"candidates.letter": letter, "problem": {"$exists": True}})
        return run["problem"] if run and run["next_try_at"] > utc_now() else None

    return await until(waits)
