"""Print runs over SFTP, with everything that may go wrong on the way. The server is a real one, in this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from uuid import uuid4

import asyncssh
import pytest

from espace_notifications.app.assemble_again import AssembleAgain
from espace_notifications.app.assemble_print_run import AssemblePrintRun
from espace_notifications.app.carry_out_print_run import CarryOutPrintRun
from espace_notifications.app.fetch_letter import FetchLetter
from espace_notifications.app.hand_over_print_run import HandOverPrintRun
from espace_notifications.app.ports import PrinterAway
from espace_notifications.app.read_answers import ReadAnswers
from espace_notifications.domain.letter import Letter, LetterState
from espace_notifications.domain.print_run import Assembly, RunState
from espace_notifications.printing import sftp
from espace_notifications.printing.answers import AnswerFolder
from espace_notifications.printing.files import Missing
from espace_notifications.printing.sftp import Sftp, SftpAddress
from espace_notifications.printing.spool import Spool

from .printers_server import PrintersServer, cut, full
from .test_the_printers_answers import after, dispatched
from .world import Post, content_of


@pytest.fixture
async def server(tmp_path) -> AsyncIterator[PrintersServer]:
    server = await PrintersServer(tmp_path / "printer", tmp_path / "keys").opens()
    yield server
    await server.goes()


class Office:
    """The post of the other tests, whose printer is the server."""

    def __init__(self, server: PrintersServer, client: Sftp) -> None:
        self.root, self.post, self.spool = server.root, Post(), Spool(client)
        post = self.post
        assemble = AssemblePrintRun(post.letters, post.runs, self.spool, FetchLetter(post.source), post.clock)
        post.carry_out = CarryOutPrintRun(
            post.runs, assemble, HandOverPrintRun(post.letters, post.runs, post.known, self.spool, post.clock), post.clock
        )  # fmt: skip

    async def works(self, rounds: int = 6) -> list[Letter]:
        await self.spool.prepare()
        letters = [await self.post.queued(number) for number in range(2)]
        for _ in range(rounds):
            self.post.clock.passes(61)
            await self.post.round()
        return letters

    def problem(self) -> str | None:
        (run,) = self.post.runs.kept.values()
        return run.problem

    def check(self, letters: list[Letter]) -> None:
        """Both letters lie in one whole run at the printer's, wherever the printer has put it, and nowhere else."""
        runs = [*(self.root / "ready").iterdir(), *(self.root / "taken").iterdir()]
        assert len(runs) == 1
        manifest = json.loads((runs[0] / "manifest.json").read_text())
        assert {entry["letter"] for entry in manifest["letters"]} == {str(letter.id) for letter in letters}
        for entry in manifest["letters"]:
            assert (runs[0] / entry["file"]).read_bytes() in [content_of(letter.id) for letter in letters]
        assert {self.post.letter(letter).state for letter in letters} == {LetterState.POSTED}
        assert len(self.post.letters.told) == len(letters)
        assert list((self.root / "incoming").iterdir()) == []


async def test_a_run_is_uploaded_flushed_and_shown_by_one_rename(server):
    async with server.client() as client:
        office = Office(server, client)
        letters = await office.works()
    office.check(letters)
    assert server.done.count("rename") == 1
    assert server.done.count("fsync") == 5
    (run,) = (server.root / "ready").iterdir()
    assert all(path.stat().st_mode & 0o007 == 0 for path in (run, *run.iterdir()))


async def test_a_server_that_cannot_flush_is_served_all_the_same(server):
    server.fsync = False
    async with server.client() as client:
        office = Office(server, client)
        office.check(await office.works())
    assert "fsync" not in server.done


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("act", "nth"), [("mkdir", 7), ("write", 1), ("write", 5), ("fsync", 2)])
async def test_a_connection_that_is_cut_on_the_way_leaves_one_run(server, act, moment, nth):
    setattr(server, moment, cut(act, nth))
    async with server.client() as client:
        office = Office(server, client)
        office.check(await office.works())
    assert server.done.count(act) >= nth


async def test_a_rename_whose_answer_is_lost_is_not_repeated(server):
    server.after = cut("rename")
    async with server.client() as client:
        office = Office(server, client)
        letters = await office.works(rounds=1)
        assert office.problem() == "The connection to the printer's server broke."
        assert {office.post.letter(letter).state for letter in letters} == {LetterState.IN_RUN}
        (run,) = (server.root / "ready").iterdir()
        run.rename(server.root / "taken" / run.name)  # the printer does not wait for us
        for _ in range(3):
            office.post.clock.passes(61)
            await office.post.round()
    office.check(letters)
    assert server.done.count("rename") == 1


async def test_a_rename_that_never_happened_is_repeated(server):
    server.before = cut("rename")
    async with server.client() as client:
        office = Office(server, client)
        office.check(await office.works())


async def test_a_sealed_run_that_is_nowhere_at_the_printers_is_not_taken_for_handed_over(server):
    server.before = cut("rename")
    async with server.client() as client:
        office = Office(server, client)
        letters = await office.works(rounds=1)
        (folder,) = (server.root / "incoming").iterdir()
        folder.rename(server.root / "somebody tidied up")
        office.post.clock.passes(61)
        server.before = lambda _act, _cut: None
        await office.post.round()
        assert "neither in incoming, nor in ready, nor in taken" in office.problem()
        assert {office.post.letter(letter).state for letter in letters} == {LetterState.IN_RUN}

        again = AssembleAgain(office.post.runs, office.spool, office.post.clock)  # the printer has not got it
        (run,) = office.post.runs.kept
        assert (await again(run)).state is RunState.ASSEMBLING
        await again(run)
        for _ in range(2):
            await office.post.round()
            office.post.clock.passes(61)
        assert (await again(run)).state is RunState.HANDED_OVER, "a run that lies somewhere is left alone"
        assert await again(uuid4()) is None
    office.check(letters)


async def test_a_run_that_lies_at_the_printers_is_not_assembled_again(server):
    server.after = cut("rename")
    async with server.client() as client:
        office = Office(server, client)
        letters = await office.works(rounds=1)
        again = AssembleAgain(office.post.runs, office.spool, office.post.clock)
        (run,) = office.post.runs.kept
        assert (await again(run)).state is RunState.SEALED
        for _ in range(2):
            office.post.clock.passes(61)
            await office.post.round()
    office.check(letters)


async def test_a_full_disk_is_waited_for(server):
    server.before = full
    async with server.client() as client:
        office = Office(server, client)
        letters = await office.works(rounds=2)
        assert "space" in office.problem()
        server.before = lambda _act, _cut: None
        for _ in range(3):
            office.post.clock.passes(61)
            await office.post.round()
    office.check(letters)


async def test_a_server_with_another_key_than_the_pinned_one_is_sent_nothing(server):
    right = (server.keys / "printer.host-key").read_bytes()
    (server.keys / "printer.host-key").write_bytes(asyncssh.generate_private_key("ssh-ed25519").export_public_key())
    async with server.client() as client:
        office = Office(server, client)
        letters = await office.works(rounds=2)
        assert "another key than printer.host-key" in office.problem()
        assert list(server.root.iterdir()) == []
        (server.keys / "printer.host-key").write_bytes(right)
        for _ in range(3):
            office.post.clock.passes(61)
            await office.post.round()
    office.check(letters)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("printer.key", None, "The file printer.key is missing"),
        ("printer.host-key", b"nonsense", "is no key in OpenSSH's form"),
        ("printer.key", asyncssh.generate_private_key("ssh-ed25519").export_private_key(), "does not let us in"),
    ],
)
async def test_what_is_wrong_with_a_key_is_said_to_operators(server, name, content, sentence):
    (server.keys / name).unlink() if content is None else (server.keys / name).write_bytes(content)
    async with server.client() as client:
        with pytest.raises(PrinterAway, match=sentence):
            await client.make_folder("ready")


async def test_a_server_that_is_slow_is_given_up_for_now_and_tried_again(server, monkeypatch):
    monkeypatch.setattr(sftp, "_CALL_SECONDS", 0.5)
    answers = asyncio.Event()

    def never(act: str, _cut: object):
        return answers.wait() if act == "write" else None

    server.before = never
    async with server.client() as client:
        office = Office(server, client)
        letters = await office.works(rounds=1)
        assert "too slow" in office.problem()
        answers.set()
        for _ in range(3):
            office.post.clock.passes(61)
            await office.post.round()
    office.check(letters)


async def test_a_server_that_went_away_is_reached_again(server):
    async with server.client() as client:
        office = Office(server, client)
        await office.spool.prepare()
        await server.goes()
        with pytest.raises(PrinterAway):
            await office.spool.start(Assembly(uuid4(), 1))
        with pytest.raises(PrinterAway, match="cannot be reached"):
            await office.spool.start(Assembly(uuid4(), 1))
        await server.comes()
        office.check(await office.works())


async def test_a_service_starts_while_the_printers_server_is_away(server):
    await server.goes()
    async with server.client() as client:
        office = Office(server, client)
        await office.spool.prepare()
        await server.comes()
        office.check(await office.works())


async def test_answers_are_read_and_refused_over_the_same_connection(server):
    async with server.client() as client:
        office, box = Office(server, client), AnswerFolder(client)
        letters = await office.works()
        office.post.clock.now = after(10)
        (run,) = office.post.runs.kept
        answers = server.root / "answers"
        (answers / "a.json").write_text(json.dumps(dispatched(run, after(1))))
        (answers / "b.json").write_text("[]")
        answers.joinpath(b"\xff.json".decode("utf-8", "surrogateescape")).write_bytes(b" " * 1_000_001)
        (answers / "folder.json").mkdir()
        read = ReadAnswers(box, office.post.take, office.post.clock)
        server.before = cut("rename")
        await read()  # the effect is there, the file was not moved
        for _ in range(2):
            await read()
        assert {office.post.letter(letter).state for letter in letters} == {LetterState.DISPATCHED}
        assert len(office.post.letters.told) == 4
        assert len(list((answers / "read").iterdir())) == 1
        assert len(list((answers / "rejected").iterdir())) == 4
        assert {each.name[0] for each in await box.refused()} == {"b", "_"}
        assert [path.name for path in answers.iterdir() if path.is_file()] == []


async def test_files_over_sftp_behave_as_those_in_a_folder(server):
    async with server.client() as client:
        await client.make_folder("a/b")
        await client.make_folder("a/b")
        await client.write("a/b/file", b"content")
        with pytest.raises(PrinterAway):
            await client.write("a/b/file", b"other")
        await client.write("a/b/other", b"content")
        with pytest.raises(PrinterAway):
            await client.rename("a/b/other", "a/b/file")
        assert await client.read("a/b/file") == b"content"
        assert {(entry.name, entry.size, entry.is_file) for entry in await client.entries("a/b")} == {
            ("file", 7, True),
            ("other", 7, True),
        }
        await client.remove("a/b/other")
        await client.remove("a")
        assert not await client.exists("a")
        for missing in (client.read("a"), client.entries("a"), client.remove("a"), client.rename("a", "b"), client.write("a/b", b"")):
            with pytest.raises(Missing):
                await missing


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("sftp://espace@post.example/printer", SftpAddress("espace", "post.example", 22, "/printer")),
        ("sftp://espace@post.example:2222/~/to/print", SftpAddress("espace", "post.example", 2222, "to/print")),
        ("sftp://espace@post.example/~/", SftpAddress("espace", "post.example", 22, "")),
        ("sftp://espace@post.example", SftpAddress("espace", "post.example", 22, "/")),
    ],
)
def test_an_address_says_who_and_where(url, address):
    assert SftpAddress.of(url) == address


@pytest.mark.parametrize("url", ["ftp://a@b/c", "sftp://post.example/c", "sftp://a:secret@post.example/c", "printer"])
def test_an_address_that_is_none_or_carries_a_password_is_refused(url):
    with pytest.raises(ValueError, match="Write it like sftp://user@host:22/folder"):
        SftpAddress.of(url)


def test_there_is_nothing_to_close_of_a_connection_that_was_never_made(tmp_path: Path):
    client: AbstractAsyncContextManager[object] = Sftp(SftpAddress("a", "b", 22, "/"), str)
    asyncio.run(client.__aexit__(None, None, None))
