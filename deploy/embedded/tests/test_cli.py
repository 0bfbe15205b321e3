"""What a person meets at the command line before anything runs."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from espace_embedded import checks, cli
from espace_embedded.cli import app
from espace_embedded.runfile import RunFile
from espace_embedded.settings import Settings


@pytest.fixture
def settings(tmp_path, monkeypatch) -> Settings:
    settings = Settings.on_free_ports(tmp_path / "state")
    for name, value in settings.model_dump().items():
        monkeypatch.setenv(f"ESPACE_{name.upper()}", str(value))
    return settings


def invoked(command: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, [command])
    return result.exit_code, result.output


def test_a_taken_port_is_named_with_who_needs_it_and_the_variable_that_moves_it(settings):
    with socket.create_server(("127.0.0.1", settings.port_documents)):
        code, output = invoked("run")
    assert code == 1
    assert output == (
        f"Port {settings.port_documents} is taken by another program and the service documents needs it: "
        "end that program, or set ESPACE_PORT_DOCUMENTS to a free port.\n"
    )


def test_a_missing_library_is_named_with_its_debian_packages(settings, monkeypatch):
    monkeypatch.setattr(checks, "PANGO", ("libpango-of-another-world.so.0",))
    code, output = invoked("run")
    assert code == 1
    assert output == (
        "The library libpango-of-another-world.so.0, which lays out the PDFs, is missing: "
        "`apt-get install libpango-1.0-0 libpangoft2-1.0-0` adds it.\n"
    )


def test_a_full_disk_is_said_in_mebibytes(settings, monkeypatch):
    monkeypatch.setattr(checks, "NEEDED_BYTES", 2**60)
    code, output = invoked("run")
    assert code == 1
    assert re.search(rf"has \d+ MiB free and the eSpace needs {2**40}: free some, or set ESPACE_STATE to", output)


def test_a_second_run_names_the_first(settings):
    RunFile(settings.state).write({})
    code, output = invoked("run")
    assert code == 1
    assert output == f"The eSpace already runs as process {os.getpid()}: `make status` shows it, `make stop` ends it.\n"


def test_status_fails_when_nothing_runs_or_a_part_is_missing(settings):
    assert invoked("status") == (1, "The eSpace does not run: `make run` starts it.\n")
    RunFile(settings.state).write({"kafka": None})
    code, output = invoked("status")
    assert code == 1
    assert "kafka" in output


def test_stop_has_nothing_to_do_when_nothing_runs(settings):
    assert invoked("stop") == (0, "The eSpace does not run.\n")


SUPERVISOR = """
import signal, sys
from pathlib import Path
from espace_embedded.runfile import RunFile
told = {signal.SIGTERM, signal.SIGUSR1}
signal.pthread_sigmask(signal.SIG_BLOCK, told)
RunFile(Path(sys.argv[1])).write({})
print("running", flush=True)
signal.sigwait({signal.SIGUSR1} if sys.argv[2:] else told)
"""


@contextmanager
def supervised(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A process in the place of the one that runs the stack: it ends when it is told to, or, with another argument, does not listen."""
    with subprocess.Popen([sys.executable, "-c", SUPERVISOR, *arguments], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "running\n"
        try:
            yield process
        finally:
            process.kill()


def test_stop_returns_when_the_espace_has_ended(settings):
    with supervised(str(settings.state)) as supervisor:
        assert invoked("stop") == (0, "The eSpace has stopped.\n")
        assert supervisor.poll() == 0, "it had ended, of its own will"


def test_stop_says_so_when_the_espace_does_not_end(settings, monkeypatch):
    monkeypatch.setattr(cli, "STOP_WITHIN_S", 0)
    with supervised(str(settings.state), "deaf") as supervisor:
        expected = f"Process {supervisor.pid} has not ended within 0 s: look into the terminal it runs in.\n"
        assert invoked("stop") == (1, expected)
        assert supervisor.poll() is None


def test_clean_says_what_it_removes_and_refuses_while_the_espace_runs(settings):
    (settings.state / "kafka").mkdir(parents=True)
    RunFile(settings.state).write({})
    code, output = invoked("clean")
    assert code == 1
    assert "stop it first" in output

    RunFile(settings.state).remove()
    assert invoked("clean") == (0, f"Removing {settings.state}/kafka\n")
    assert not any(settings.state.iterdir())
