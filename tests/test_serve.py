"""The program behind `make demo`: it comes up, says so when it does not, and leaves no server behind."""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from recsys.settings import PROJECT

SCRIPT = PROJECT / ".ci" / "serve.py"
PATIENCE = 60  # seconds for a start or an end on a slow, busy machine


@pytest.fixture
def serve() -> ModuleType:
    spec = importlib.util.spec_from_file_location("serve", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    return free


@pytest.fixture
def running(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The program on a free port without prepared data or a state folder that can be used: it is up all the same."""
    (tmp_path / "state").touch()
    environment = {
        **os.environ,
        "SHELFLENS_CACHE_DIR": str(tmp_path / "cache"),
        "SHELFLENS_STATE_DIR": str(tmp_path / "state"),
    }
    command = [sys.executable, str(SCRIPT), "127.0.0.1", str(port), "http://shown.example"]
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(PATIENCE)
    for stream in (process.stdout, process.stderr):
        assert stream is not None
        stream.close()


class EndedServer:
    """A server process that ended by itself."""

    def __init__(self, code: int) -> None:
        self.returncode = code

    def poll(self) -> int:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        return self.returncode


class SilentServer:
    """A server process that runs and never answers, until it is told to end; `deaf` ones only end when killed."""

    def __init__(self, deaf: bool = False) -> None:
        self.returncode: int | None = None
        self.deaf = deaf

    def poll(self) -> int | None:
        return self.returncode

    def terminate(self) -> None:
        if not self.deaf:
            self.returncode = -signal.SIGTERM

    def kill(self) -> None:
        self.returncode = -9

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            raise subprocess.TimeoutExpired("server", timeout or 0)
        return self.returncode


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "http://shown.example" in line:
            return
    pytest.fail("the program ended before it was ready:\n" + "".join(said))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_ending_the_program_ends_the_server_and_frees_the_port(
    running: subprocess.Popen[str], port: int, name: str
) -> None:
    wait_until_ready(running)
    assert not is_free(port)
    running.send_signal(signal.Signals[name])
    assert running.wait(PATIENCE) == 128 + signal.Signals[name]
    assert is_free(port)


def test_what_cannot_be_queued_is_one_line_and_the_app_runs(running: subprocess.Popen[str], port: int) -> None:
    wait_until_ready(running)
    assert running.stderr is not None
    assert any(line.startswith("Maps and words of other languages were not begun: error:") for line in running.stderr)
    assert running.poll() is None
    assert not is_free(port)


@pytest.mark.parametrize(
    ("printed", "out", "err"),
    [
        (
            '{"job": "20170131-1", "said": "Made beside the app: draw the maps."}',
            "Made beside the app: draw the maps.",
            "",
        ),
        ('{"job": null, "said": "prepared already."}', "", ""),
        ("no JSON", "", "were not begun"),
        (None, "", "were not begun"),
    ],
)
def test_the_rest_is_queued_by_the_command_line_and_said(
    serve: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    printed: str | None,
    out: str,
    err: str,
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command[1:])
        if printed is None:
            raise subprocess.TimeoutExpired(command, 1)
        return subprocess.CompletedProcess(command, 0, printed, "")

    monkeypatch.setattr(serve.subprocess, "run", run)
    serve.prepare_the_rest()
    said = capsys.readouterr()
    assert asked == [["-m", "recsys", "prepare", "--behind", "--json"]]
    assert (said.out.startswith(out), bool(said.out)) == (True, bool(out))
    assert (err in said.err, bool(said.err)) == (True, bool(err))


@pytest.mark.parametrize(("code", "returned"), [(1, 1), (3, 3), (0, 1), (-9, 137)])
def test_a_server_that_ends_before_it_is_up_is_one_plain_line_and_a_failure(
    serve: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    code: int,
    returned: int,
) -> None:
    monkeypatch.setattr(serve.subprocess, "Popen", lambda *a, **k: EndedServer(code))
    assert serve.main("127.0.0.1", "8501", "http://shown.example") == returned
    out, err = capsys.readouterr()
    assert "ready" not in out
    assert len(err.splitlines()) == 1
    assert "port 8501" in err
    assert "make demo PORT=8502" in err


@pytest.mark.parametrize("deaf", [False, True])
def test_a_server_that_never_answers_is_ended_and_said(
    serve: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: int, deaf: bool
) -> None:
    silent = SilentServer(deaf)
    monkeypatch.setattr(serve.subprocess, "Popen", lambda *a, **k: silent)
    monkeypatch.setattr(serve, "STARTED_WITHIN", 0.05)
    assert serve.main("127.0.0.1", str(port), "http://shown.example") == 1
    assert silent.returncode is not None, "it was left running"
    out, err = capsys.readouterr()
    assert "ready" not in out
    assert len(err.splitlines()) == 1
    assert "log lines above" in err


def test_an_error_in_the_program_leaves_no_server_behind(serve: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = SilentServer()
    monkeypatch.setattr(serve.subprocess, "Popen", lambda *a, **k: silent)

    def broken(*_: object) -> bool:
        raise RuntimeError("broken")

    monkeypatch.setattr(serve, "wait_until_up", broken)
    with pytest.raises(RuntimeError, match="broken"):
        serve.main("127.0.0.1", "8501", "http://shown.example")
    assert silent.returncode is not None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.1", "localhost", "::1", "[::1]"])
def test_a_server_for_this_machine_alone_says_nothing_of_others(host: str, serve: ModuleType) -> None:
    assert serve.opened_to_others(host) == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "fe80::1", "my.machine.example", ""])
def test_a_server_for_others_says_what_it_opens_and_how_to_close_it(host: str, serve: ModuleType) -> None:
    said = serve.opened_to_others(host)
    for words in (f"HOST={host} ", "no password", "sees all shoppers", "start evaluations", "only what they started",
                  "upload files of up to 50 MB", "leave HOST out"):  # fmt: skip
        assert words in said
