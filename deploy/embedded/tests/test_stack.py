"""The stack as the chaos test uses it, with toy services in place of the real ones."""

import asyncio
import json
import os
import smtplib
import stat
import sys
from email import message_from_bytes
from mailbox import Maildir
from pathlib import Path

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from pymongo import AsyncMongoClient

from espace_contracts.topics import all_topics, consumer_groups, dead_letters_of, replays_of
from espace_embedded.parts import Service
from espace_embedded.process import NotReady
from espace_embedded.report import report
from espace_embedded.runfile import RunFile
from espace_embedded.settings import Settings
from espace_embedded.stack import CommandFailed, Stack

TOY = (sys.executable, str(Path(__file__).with_name("toy_service.py")))
TOYS = (Service("records", "a toy", command=TOY), Service("documents", "a toy", {"ESPACE_PRINT_SPOOL": "{state}/print"}, command=TOY))


@pytest.fixture(scope="module")
def told() -> list[str]:
    return []


@pytest.fixture(scope="module")
async def stack(tmp_path_factory, told):
    settings = Settings.on_free_ports(tmp_path_factory.mktemp("stack"))
    async with Stack(settings, told.append, TOYS) as stack:
        yield stack


async def environment_of(stack: Stack, service: str) -> dict[str, str]:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"{stack.url(service)}/environment")).json()


async def test_every_declared_topic_exists_with_its_partitions_and_each_group_has_its_own_two(stack):
    admin = AIOKafkaAdminClient(bootstrap_servers=f"127.0.0.1:{stack.settings.port_kafka}")
    await admin.start()
    try:
        described = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
    finally:
        await admin.close()
    declared = {topic.name: topic.partitions for topic in all_topics()}
    own = {name: 1 for group in consumer_groups() for name in (dead_letters_of(group), replays_of(group))}
    assert {**declared, **own}.items() <= described.items()


async def test_a_service_learns_from_its_environment_where_everything_is(stack):
    found = await environment_of(stack, "documents")
    assert found["ESPACE_KAFKA"] == f"127.0.0.1:{stack.settings.port_kafka}"
    assert found["ESPACE_MONGODB"] == f"mongodb://127.0.0.1:{stack.settings.port_store}"
    assert found["ESPACE_RECORDS_URL"] == stack.url("records")
    assert found["ESPACE_PRINT_SPOOL"] == f"{stack.settings.state}/print"


async def test_a_killed_service_comes_back_by_itself_as_another_process(stack, told):
    before = stack.pid("documents")
    await stack.kill("documents")
    await stack.wait_ready("documents")
    assert stack.pid("documents") not in {before, None}
    assert "documents ended (by signal 9); starting it again in 0.3 s" in told


async def test_the_variables_of_a_restart_hold_for_one_start(stack):
    await stack.restart("documents", {"CRASHPOINT": "none"})
    assert (await environment_of(stack, "documents"))["CRASHPOINT"] == "none"
    await stack.kill("documents")
    await stack.wait_ready("documents")
    assert "CRASHPOINT" not in await environment_of(stack, "documents")


async def test_each_life_has_its_own_variables_and_the_last_goes_without(stack):
    await stack.restart("documents", {"CRASHPOINT": "one"}, {"CRASHPOINT": "two"})
    for crashpoint in ("one", "two", None):
        assert (await environment_of(stack, "documents")).get("CRASHPOINT") == crashpoint
        await stack.kill("documents")
        await stack.wait_ready("documents")


async def test_a_service_that_crashes_at_its_first_start_gets_a_second(stack):
    await stack.restart("documents", {"CRASHPOINT": "at start"})
    assert "CRASHPOINT" not in await environment_of(stack, "documents")


async def test_a_command_runs_with_the_environment_of_its_service_and_fails_with_its_words(stack):
    assert await stack.command("records", "count") == f"{stack.settings.port_records} count\n"
    with pytest.raises(CommandFailed, match="records fail failed"):
        await stack.command("records", "fail")


async def test_an_email_becomes_a_file(stack):
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", stack.settings.port_mail) as client:
            client.sendmail("espace@example.lu", ["person@example.lu"], b"Subject: A document is there\r\n\r\nBody\r\n")

    await asyncio.to_thread(send)
    (mail,) = (stack.settings.state / "mail").glob("*.eml")
    assert message_from_bytes(mail.read_bytes())["Subject"] == "A document is there"


async def test_a_mailbox_that_was_given_up_refuses_at_once_or_says_so_later(stack):
    def send(sender: str, *recipients: str) -> None:
        with smtplib.SMTP("127.0.0.1", stack.settings.port_mail) as client:
            client.sendmail(sender, recipients, b"Subject: News\r\n\r\nBody\r\n")

    bounces = Maildir(stack.settings.state / "bounces")
    await asyncio.to_thread(send, "espace@example.lu", "bounce-now.a@example.lu", "bounce-later.a@example.lu")
    assert len(bounces) == 0, "what names no notice arrives"
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        await asyncio.to_thread(send, "espace+1@example.lu", "bounce-now.a@example.lu")
    assert refused.value.recipients == {"bounce-now.a@example.lu": (550, b"5.1.1 No such mailbox")}
    await asyncio.to_thread(send, "espace+1@example.lu", "bounce-later.a@example.lu")
    ((_, report),) = bounces.items()
    assert (report["To"], report.get_content_type()) == ("espace+1@example.lu", "multipart/report")
    assert "Status: 5.1.1" in report.as_string()


def test_a_text_message_becomes_a_file_and_its_repeat_none(stack):
    def send(key: str, number: str) -> int:
        return httpx.post(
            f"http://127.0.0.1:{stack.settings.port_sms}/messages", json={"from": "CNS", "to": number, "text": "A document is there"},
            headers={"Authorization": "Bearer secret", "Idempotency-Key": key},
        ).status_code  # fmt: skip

    key = "8e03978e-40d5-43e8-bc93-6894a57f9326"
    assert [send(key, "+352621123456"), send(key, "+352621123456")] == [202, 202]
    assert [send(key, "+352621120000"), send("no key", "+352621123456")] == [400, 400]
    (file,) = (stack.settings.state / "sms").glob("*.json")
    assert json.loads(file.read_text()) == {"from": "CNS", "to": "+352621123456", "text": "A document is there"}


def test_secrets_are_for_this_account_alone(stack):
    files = list((stack.settings.state / "secrets").iterdir())
    assert {file.name for file in files} == {
        "identity-signing-key.pem", "procedures-attachments.key", "login-providers.secret", "sms-gateway.secret", "records.client-secret",
        "documents.client-secret", "documents-seal.key", "documents-seal-chain.pem", "documents-verification.key",
        "documents-verification.pub", "documents-archive.key",
    }  # fmt: skip
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_from_outside_every_part_is_seen_with_its_memory(stack):
    run = RunFile(stack.settings.state).read()
    assert run is not None
    assert run.supervisor == os.getpid()
    parts = {part.name: part for part in await report(stack.settings, run)}
    assert set(parts) == {"kafka", "store", "mail", "sms", "records", "documents"}
    assert all(part.ready and part.pid == stack.pid(part.name) and part.memory_mb > 5 for part in parts.values())


async def test_data_and_secrets_survive_a_stop_and_nothing_is_left_running(tmp_path):
    settings = Settings.on_free_ports(tmp_path)
    uri = f"mongodb://127.0.0.1:{settings.port_store}"
    async with Stack(settings, print, ()) as stack, AsyncMongoClient(uri) as client:
        await client.test.kept.insert_one({"_id": 1})
        key = (tmp_path / "secrets" / "identity-signing-key.pem").read_bytes()
        pids = [stack.pid(part) for part in ("kafka", "store", "mail", "sms")]
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert RunFile(tmp_path).read() is None

    async with Stack(settings, print, ()), AsyncMongoClient(uri) as client:
        assert await client.test.kept.find_one() == {"_id": 1}
        assert (tmp_path / "secrets" / "identity-signing-key.pem").read_bytes() == key


async def test_a_service_that_never_starts_is_named_with_the_end_of_its_log_and_the_rest_is_stopped(tmp_path):
    broken = Service("records", "a toy", command=(sys.executable, "-c", "raise SystemExit('no such setting')"))
    with pytest.raises(NotReady, match=r"(?s)records ends again and again.*no such setting"):
        async with Stack(Settings.on_free_ports(tmp_path), print, (broken,)):
            pass
    assert RunFile(tmp_path).read() is None


def test_a_run_file_of_a_process_that_is_gone_or_another_one_counts_as_none(tmp_path):
    run_file = RunFile(tmp_path)
    assert run_file.read() is None
    run_file.write({"kafka": 1})
    assert run_file.read() is not None
    for change in ({"supervisor": 2**22 + 1}, {"born": "1"}):
        content = json.loads((tmp_path / "run.json").read_text())
        (tmp_path / "run.json").write_text(json.dumps({**content, **change}))
        assert run_file.read() is None
        run_file.write({"kafka": 1})
