"""The printer answers late, twice and wrongly. Its files lie in a real folder, letters and runs in memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jsonschema
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from espace_kernel.outcomes import VersionConflict
from espace_notifications.app.ports import AnswerUnreadable, PrinterAway
from espace_notifications.app.read_answers import ReadAnswers
from espace_notifications.app.watch_the_printer import SilentRun, WatchThePrinter
from espace_notifications.domain.answer import LetterGone, LettersDispatched
from espace_notifications.domain.letter import AnswerWrong, Dispatched, Letter, LetterState, Returned, ReturnReason
from espace_notifications.domain.print_run import RunState
from espace_notifications.printing.answers import AnswerFolder, answer_in
from espace_notifications.printing.folder import Folder
from espace_notifications.printing.spool import Spool

from .test_each_letter_is_printed_once import run_to_its_end, steps_of
from .world import NOON, Post

SCHEMA = jsonschema.Draft202012Validator(
    json.loads(files("espace_notifications").joinpath("assets/printer_answer.v1.schema.json").read_text(encoding="utf-8")),
    format_checker=jsonschema.FormatChecker(),
)


def after(days: float) -> datetime:
    return NOON + timedelta(days=days)


def dispatched(run: UUID, at: datetime) -> dict[str, Any]:
    return {"schema_version": 1, "answer": "dispatched", "print_run": str(run), "dispatched_at": at.isoformat()}


def letters_dispatched(run: UUID, *letters: tuple[UUID, datetime]) -> dict[str, Any]:
    told = [{"letter": str(letter), "dispatched_at": at.isoformat()} for letter, at in letters]
    return {"schema_version": 1, "answer": "dispatched", "print_run": str(run), "letters": told}


def returned(letter: UUID, at: datetime, reason: ReturnReason = ReturnReason.MOVED) -> dict[str, Any]:
    back = {"letter": str(letter), "reason": reason.value, "returned_at": at.isoformat()}
    return {"schema_version": 1, "answer": "returned", "letters": [back]}


@dataclass
class Desk:
    """A run of two letters that was handed over, a letter of another run, and the folder in which the printer answers."""

    root: Path
    post: Post = field(default_factory=Post)
    letters: list[Letter] = field(default_factory=list)

    async def opens(self) -> Desk:
        await Spool(Folder(self.root)).prepare()
        for number in range(2):
            self.letters.append(await self.post.queued(number))
        await self.post.after_the_cut_off()
        self.letters.append(await self.post.queued(2))
        await self.post.after_the_cut_off()
        self.post.letters.told.clear()
        self.post.clock.now = after(10)
        self.read = self.replica()
        return self

    def replica(self) -> ReadAnswers:
        return ReadAnswers(AnswerFolder(Folder(self.root)), self.post.take, self.post.clock)

    def run_of(self, number: int) -> UUID:
        run = self.post.letter(self.letters[number]).print_run
        assert run is not None
        return run

    def answers(self, content: object, name: str = "answer.json") -> None:
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        (self.root / "answers" / name).write_bytes(text.encode() if isinstance(text, str) else text)

    def lying_in(self, folder: str) -> list[str]:
        return sorted(path.name for path in (self.root / "answers" / folder).iterdir() if path.is_file())

    def reasons(self) -> str:
        return "\n".join(path.read_text() for path in (self.root / "answers" / "rejected").glob("*.reason.txt"))

    def states(self) -> list[LetterState]:
        return [self.post.letter(letter).state for letter in self.letters]


@pytest.fixture
async def desk(tmp_path) -> Desk:
    return await Desk(tmp_path).opens()


def count_of(outcome: str) -> float:
    return REGISTRY.get_sample_value("espace_printer_answers_total", {"outcome": outcome}) or 0


async def test_a_whole_run_is_acknowledged_by_one_answer_and_told_once_per_letter(desk):
    desk.answers(dispatched(desk.run_of(0), after(1)))
    before = count_of("read")
    await desk.read()
    await desk.read()
    assert desk.states() == [LetterState.DISPATCHED, LetterState.DISPATCHED, LetterState.POSTED]
    first, second, _ = desk.letters
    assert desk.post.letters.told == [
        Dispatched(letter.insured, letter.id, letter.document, desk.run_of(0), after(1)) for letter in (first, second)
    ]
    assert desk.lying_in("") == []
    assert len(desk.lying_in("read")) == 1
    assert count_of("read") == before + 1


async def test_letters_are_acknowledged_one_by_one_and_come_back_once(desk):
    desk.answers(letters_dispatched(desk.run_of(0), (desk.letters[1].id, after(1))), "1.json")
    desk.answers(returned(desk.letters[1].id, after(5)), "2.json")
    await desk.read()
    assert desk.states() == [LetterState.POSTED, LetterState.RETURNED, LetterState.POSTED]
    letter = desk.letters[1]
    assert desk.post.letters.told == [
        Dispatched(letter.insured, letter.id, letter.document, desk.run_of(0), after(1)),
        Returned(letter.insured, letter.id, letter.document, ReturnReason.MOVED, after(5)),
    ]


async def test_an_answer_told_again_in_any_file_changes_nothing(desk):
    for name in ("a.json", "b.json"):
        desk.answers(dispatched(desk.run_of(0), after(1)), name)
        desk.answers(returned(desk.letters[0].id, after(5)), f"back-{name}")
    await desk.read()
    desk.answers(dispatched(desk.run_of(0), after(1)), "a.json")
    desk.answers(returned(desk.letters[0].id, after(5)), "c.json")
    await desk.read()
    assert len(desk.post.letters.told) == 3
    assert desk.lying_in("rejected") == desk.lying_in("") == []


async def test_the_same_name_with_other_content_is_another_answer(desk):
    desk.answers(letters_dispatched(desk.run_of(0), (desk.letters[0].id, after(1))))
    await desk.read()
    desk.answers(letters_dispatched(desk.run_of(0), (desk.letters[1].id, after(2))))
    await desk.read()
    assert desk.states() == [LetterState.DISPATCHED, LetterState.DISPATCHED, LetterState.POSTED]
    assert len(desk.lying_in("read")) == 2


WRONG = {
    "an unknown run": (lambda desk: dispatched(uuid4(), after(1)), "There is no print run"),
    "an unknown letter": (lambda desk: letters_dispatched(desk.run_of(0), (uuid4(), after(1))), "There is no letter"),
    "a letter of another run": (lambda desk: letters_dispatched(desk.run_of(0), (desk.letters[2].id, after(1))), "does not lie in"),
    "an unknown letter back": (lambda desk: returned(uuid4(), after(1)), "There is no letter"),
    "a date to come": (lambda desk: dispatched(desk.run_of(0), after(11)), "has not come yet"),
    "a return to come": (lambda desk: returned(desk.letters[0].id, after(11)), "has not come yet"),
    "a date before the run": (lambda desk: dispatched(desk.run_of(0), after(-1)), "before its print run was formed"),
    "a return before the run": (lambda desk: returned(desk.letters[0].id, after(-1)), "before its print run was formed"),
    "a good line beside a wrong one": (
        lambda desk: letters_dispatched(desk.run_of(0), (desk.letters[0].id, after(1)), (uuid4(), after(1))),
        "There is no letter",
    ),
    "a letter told twice with two dates": (
        lambda desk: letters_dispatched(desk.run_of(0), (desk.letters[0].id, after(1)), (desk.letters[0].id, after(2))),
        "dispatched at another time",
    ),
    "an unknown reason": (lambda desk: json.dumps(returned(desk.letters[0].id, after(1))).replace("moved", "burnt"), "reason"),
    "a date without an offset": (lambda desk: json.dumps(dispatched(desk.run_of(0), after(1))).replace("+00:00", ""), "timezone"),
    "a date as a number": (lambda desk: {**dispatched(desk.run_of(0), after(1)), "dispatched_at": 1}, "dispatched_at"),
    "no letters": (lambda desk: {**returned(desk.letters[0].id, after(1)), "letters": []}, "letters"),
    "both forms at once": (
        lambda desk: {**letters_dispatched(desk.run_of(0), (desk.letters[0].id, after(1))), "dispatched_at": after(1).isoformat()},
        "give dispatched_at for the whole run, or letters",
    ),
    "neither form": (lambda desk: {"schema_version": 1, "answer": "dispatched", "print_run": str(desk.run_of(0))}, "give dispatched_at"),
    "a later version": (lambda desk: {**dispatched(desk.run_of(0), after(1)), "schema_version": 2}, "schema_version"),
    "another question": (lambda desk: {"schema_version": 1, "answer": "invoice"}, "form of an answer"),
    "a list": (lambda desk: "[]", "form of an answer"),
    "ten megabytes": (lambda desk: b" " * 10_000_000, "more than 1000000 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_wrong_answer_is_put_aside_with_its_reason_and_stops_no_other(desk, wrong):
    make, reason = WRONG[wrong]
    desk.answers(make(desk), "a-wrong.json")
    desk.answers(dispatched(desk.run_of(2), after(1)), "b-right.json")
    before = count_of("refused")
    await desk.read()
    await desk.read()
    assert desk.states() == [LetterState.POSTED, LetterState.POSTED, LetterState.DISPATCHED], "a wrong file has no effect at all"
    assert reason in desk.reasons()
    assert len(desk.lying_in("rejected")) == 2
    assert desk.lying_in("") == []
    assert count_of("refused") == before + 1
    (refused,) = await AnswerFolder(Folder(desk.root)).refused()
    assert refused.name.startswith("a-wrong.")
    assert reason in refused.reason


async def test_the_first_word_on_a_letter_holds(desk):
    desk.answers(dispatched(desk.run_of(2), after(2)), "1.json")
    desk.answers(returned(desk.letters[2].id, after(4)), "2.json")
    await desk.read()
    told = list(desk.post.letters.told)
    desk.answers(dispatched(desk.run_of(2), after(3)), "3.json")
    desk.answers(returned(desk.letters[2].id, after(5)), "4.json")
    desk.answers(returned(desk.letters[2].id, after(4), ReturnReason.REFUSED), "5.json")
    await desk.read()
    assert desk.post.letters.told == told
    assert len(desk.lying_in("rejected")) == 6


async def test_a_letter_cannot_come_back_before_it_went_but_may_be_told_so_in_any_order(desk):
    desk.answers(returned(desk.letters[0].id, after(4)), "1.json")  # nobody told of its dispatch
    desk.answers(letters_dispatched(desk.run_of(1), (desk.letters[1].id, after(5))), "1b.json")
    desk.answers(returned(desk.letters[1].id, after(4)), "2.json")
    await desk.read()
    assert "cannot have come back before it was dispatched" in desk.reasons()
    desk.answers(letters_dispatched(desk.run_of(0), (desk.letters[0].id, after(1))), "3.json")
    await desk.read()
    assert desk.states() == [LetterState.RETURNED, LetterState.DISPATCHED, LetterState.POSTED]
    assert [type(event) for event in desk.post.letters.told] == [Returned, Dispatched, Dispatched]


async def test_a_letter_that_was_never_handed_over_cannot_come_back(desk):
    waiting = await desk.post.queued(7)
    desk.answers(returned(waiting.id, after(5)))
    await desk.read()
    assert "was not handed over" in desk.reasons()


async def test_a_half_written_answer_is_waited_for_and_refused_when_it_grows_no_more(desk):
    whole = json.dumps(dispatched(desk.run_of(0), after(1)))
    desk.answers(whole[:40])
    desk.answers(dispatched(desk.run_of(2), after(1)), "z.json")
    await desk.read()
    assert desk.lying_in("") == ["answer.json"], "the other was read"
    desk.post.clock.passes(59)
    desk.answers(whole[:50])  # it grows
    await desk.read()
    desk.post.clock.passes(59)
    await desk.read()
    assert desk.lying_in("") == ["answer.json"]
    desk.answers(whole)
    await desk.read()
    assert desk.states()[0] is LetterState.DISPATCHED
    desk.answers(whole[:40])
    await desk.read()
    desk.post.clock.passes(60)
    await desk.read()
    assert "ends in the middle" in desk.reasons()


async def test_what_does_not_end_in_json_or_is_no_file_is_left_alone(desk):
    desk.answers("{", "later.json.part")
    (desk.root / "answers" / "folder.json").mkdir()
    (desk.root / "answers" / "link.json").symlink_to("/etc/hostname")
    await desk.read()
    assert set(desk.lying_in("")) >= {"later.json.part"}
    assert desk.lying_in("rejected") == desk.lying_in("read") == []


async def test_a_name_that_is_long_or_strange_is_read_like_any_other(desk):
    name = b"\xff" + "é../ ".replace("/", "").encode() + b"n" * 200 + b".json"
    (desk.root / "answers").joinpath(name.decode("utf-8", "surrogateescape")).write_text(json.dumps(dispatched(desk.run_of(0), after(1))))
    await desk.read()
    assert desk.states()[0] is LetterState.DISPATCHED
    (kept,) = desk.lying_in("read")
    assert kept.isascii()
    assert len(kept) < 110


async def test_an_answer_about_a_run_whose_hand_over_was_not_noted_yet_is_read_again_later(desk):
    run = desk.post.runs.kept[desk.run_of(0)]
    letter = desk.post.letter(desk.letters[0])
    run.state, letter.state, letter.posted_at = RunState.SEALED, LetterState.IN_RUN, None
    desk.answers(dispatched(run.id, after(1)), "1.json")
    desk.answers(returned(letter.id, after(2)), "2.json")
    await desk.read()
    assert desk.lying_in("") == ["1.json", "2.json"]
    run.state, letter.state, letter.posted_at = RunState.HANDED_OVER, LetterState.POSTED, NOON
    await desk.read()
    assert desk.lying_in("") == []
    assert desk.states()[0] is LetterState.RETURNED


class Dying(AnswerFolder):
    """Dies after the effect and before the file is moved."""

    async def keep(self, read: object) -> None:
        raise PrinterAway("died")


async def test_a_file_that_is_read_again_after_a_death_has_its_effect_once(desk):
    desk.answers(dispatched(desk.run_of(0), after(1)))
    await ReadAnswers(Dying(Folder(desk.root)), desk.post.take, desk.post.clock)()
    assert desk.lying_in("") == ["answer.json"]
    assert len(desk.post.letters.told) == 2
    await desk.read()
    assert desk.lying_in("") == []
    assert len(desk.post.letters.told) == 2


async def test_a_date_finer_than_the_store_keeps_it_is_the_same_date_when_it_is_read_again(desk):
    fine = after(1).replace(microsecond=123_456)
    desk.answers(letters_dispatched(desk.run_of(0), (desk.letters[0].id, fine)), "a.json")
    desk.answers(returned(desk.letters[1].id, fine), "b.json")
    for box in (Dying, Dying, AnswerFolder):
        await ReadAnswers(box(Folder(desk.root)), desk.post.take, desk.post.clock)()
        await ReadAnswers(box(Folder(desk.root)), desk.post.take, desk.post.clock)()
        for letter in desk.post.letters.kept.values():
            letter.dispatched_at, letter.returned_at = as_stored(letter.dispatched_at), as_stored(letter.returned_at)
    assert desk.lying_in("rejected") == desk.lying_in("") == []
    assert desk.states() == [LetterState.DISPATCHED, LetterState.RETURNED, LetterState.POSTED]


def as_stored(moment: datetime | None) -> datetime | None:
    """The store keeps milliseconds."""
    return moment and moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@pytest.mark.parametrize("folder", ["read", "rejected"])
async def test_a_folder_that_the_printer_took_away_with_its_content_is_made_again(desk, folder):
    (desk.root / "answers" / folder).rmdir()
    desk.answers("[]", "a-wrong.json")
    desk.answers(dispatched(desk.run_of(0), after(1)), "b-right.json")
    await desk.read()
    assert desk.states()[0] is LetterState.DISPATCHED
    assert desk.lying_in("") == []
    assert (len(desk.lying_in("read")), len(desk.lying_in("rejected"))) == (1, 2)


class Overwriting(AnswerFolder):
    """The printer puts another answer in the place of one that was just read."""

    content: dict[str, Any]
    root: Path

    async def keep(self, read: Any) -> None:
        (self.root / "answers" / read.file.name).write_text(json.dumps(self.content))
        await super().keep(read)


async def test_an_answer_that_replaces_one_just_read_is_not_lost(desk):
    box = Overwriting(Folder(desk.root))
    box.root, box.content = desk.root, letters_dispatched(desk.run_of(0), (desk.letters[1].id, after(2)))
    desk.answers(letters_dispatched(desk.run_of(0), (desk.letters[0].id, after(1))))
    await ReadAnswers(box, desk.post.take, desk.post.clock)()
    assert desk.lying_in("read") == []
    await desk.read()
    assert desk.states() == [LetterState.DISPATCHED, LetterState.DISPATCHED, LetterState.POSTED]


async def test_two_replicas_may_read_the_same_file(desk):
    first, second = AnswerFolder(Folder(desk.root)), AnswerFolder(Folder(desk.root))
    desk.answers(dispatched(desk.run_of(0), after(1)), "a.json")
    desk.answers("[]", "b.json")
    files_of_both = await first.waiting()
    read = [await box.read(files_of_both[0]) for box in (first, second)]
    for box, one in zip((first, second), read, strict=True):
        await desk.post.take(one.answer)
        await box.keep(one)
        await box.refuse(files_of_both[1], "It is a list.")
    assert len(desk.post.letters.told) == 2
    assert await second.read(files_of_both[0]) is None
    assert len(desk.lying_in("rejected")) == 2
    await desk.read()


async def test_answers_wait_while_the_folder_cannot_be_read(desk):
    class Away(AnswerFolder):
        async def waiting(self) -> Any:
            raise PrinterAway("The printer's server cannot be reached.")

    desk.answers(dispatched(desk.run_of(0), after(1)))
    assert await ReadAnswers(Away(Folder(desk.root)), desk.post.take, desk.post.clock)() == 0
    await desk.read()
    assert desk.states()[0] is LetterState.DISPATCHED
    assert await AnswerFolder(Folder(desk.root / "nowhere")).waiting() == ()
    assert await AnswerFolder(Folder(desk.root / "nowhere")).refused() == ()


def test_a_replica_that_dies_or_is_overtaken_at_any_step_of_an_answer_tells_each_letter_once():
    async def two_posted(post: Post) -> None:
        for number in range(2):
            await post.queued(number)
        await post.after_the_cut_off()

    for overtaken in (False, True):
        for stop in range(1, 1000):
            post = Post()
            run_to_its_end(two_posted(post))
            post.letters.told.clear()
            post.clock.now = after(3)
            (run,) = post.runs.kept
            answer = LettersDispatched(run, tuple(LetterGone(letter, after(1)) for letter in post.letters.kept))
            work = post.take(answer)
            if not steps_of(work, stop):
                assert stop > 5
                break
            if overtaken:
                run_to_its_end(post.take(answer))
                with pytest.raises((StopIteration, VersionConflict)):
                    while True:
                        work.send(None)
            else:
                work.close()
            run_to_its_end(post.take(answer))
            assert sorted(event.letter for event in post.letters.told) == sorted(post.letters.kept)


@pytest.mark.parametrize("wrong", [name for name in WRONG if name != "ten megabytes"])
async def test_the_schema_and_the_reader_agree_on_what_has_no_right_form(desk, wrong):
    content = WRONG[wrong][0](desk)
    try:
        answer_in((content if isinstance(content, str) else json.dumps(content)).encode())
    except AnswerUnreadable:
        readable = False
    else:
        readable = True
    assert SCHEMA.is_valid(json.loads(content) if isinstance(content, str) else content) is readable


async def test_the_schema_takes_what_the_reader_takes(desk):
    for content in (
        dispatched(desk.run_of(0), after(1)),
        letters_dispatched(desk.run_of(0), (desk.letters[0].id, after(1))),
        *[returned(desk.letters[0].id, after(1), reason) for reason in ReturnReason],
        {**returned(desk.letters[0].id, after(1)), "remark": "a field that nobody knows yet"},
    ):
        SCHEMA.validate(content)
        answer_in(json.dumps(content).encode())


async def test_a_silent_printer_is_told_to_operators_and_nothing_is_sent_again(desk):
    async def silent(before: datetime) -> list[SilentRun]:
        assert before == after(8)
        return [SilentRun(desk.run_of(0), 2, NOON)]

    desk.post.clock.now = after(10)  # Thursday the 12th

    async def unacknowledged(before: datetime) -> int:
        assert before == after(8)
        return 3

    with capture_logs() as lines:
        assert await WatchThePrinter(silent, unacknowledged, desk.post.clock)() == 0
    assert REGISTRY.get_sample_value("espace_unacknowledged_letters") == 3
    assert [(line["print_run"], line["count"]) for line in lines] == [(str(desk.run_of(0)), 3)], "one line, however many runs"
    assert desk.states() == [LetterState.POSTED] * 3


async def test_an_answer_is_wrong_for_each_of_its_letters_up_to_twenty(desk):
    unknown = LettersDispatched(desk.run_of(0), tuple(LetterGone(uuid4(), after(1)) for _ in range(50)))
    with pytest.raises(AnswerWrong) as error:
        await desk.post.take(unknown)
    assert str(error.value).count("There is no letter") == 20
