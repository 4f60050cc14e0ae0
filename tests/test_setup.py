"""The set-up behind `make demo`: what is wrong is said early and plainly, and what was interrupted is completed."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SCRIPT = PROJECT / ".ci" / "setup_venv.py"
GB = 1024**3


@pytest.fixture
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("setup_venv", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@pytest.fixture
def project(setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder whose environment looks complete, and whose commands are only written down."""
    (tmp_path / "requirements.txt").write_text("streamlit==1.0\ntorch==2.0\n")
    (tmp_path / "requirements-dev.txt").write_text("ruff==1.0\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    monkeypatch.setattr(setup, "PROJECT", tmp_path)
    monkeypatch.setattr(setup, "runs_pip", lambda venv: True)
    monkeypatch.setattr(setup, "choose_python", lambda asked: sys.executable)
    free(setup, monkeypatch, 100 * GB)
    return tmp_path


@pytest.fixture
def ran(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    return record_commands(setup, monkeypatch, returncode=0)


def record_commands(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, returncode: int) -> list[list[str]]:
    commands: list[list[str]] = []

    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        commands.append(command)
        return subprocess.CompletedProcess(command, returncode, b"", b"")

    monkeypatch.setattr(setup.subprocess, "run", run)
    return commands


def free(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(setup.shutil, "disk_usage", lambda path: usage(200 * GB, 0, size))


def pythons(**versions: tuple[int, int]) -> Any:
    known = {name.replace("_", "."): version for name, version in versions.items()}
    return lambda command: known.get(command)


# --- Python -----------------------------------------------------------------------------------------------------


def test_an_old_python_can_read_the_script_far_enough_to_say_that_it_is_too_old() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_named_with_the_way_out(setup: ModuleType) -> None:
    with pytest.raises(setup.SetupError, match=r"Python 3\.9 \(python3\) is too old: .* 3\.11 or newer.*PYTHON="):
        setup.choose_python(running="python3", version=pythons(python3=(3, 9)))


def test_an_old_python_gives_way_to_a_newer_one_beside_it(setup: ModuleType) -> None:
    beside = pythons(python3=(3, 9), python3_11=(3, 11), python3_13=(3, 13))
    assert setup.choose_python(running="python3", version=beside) == "python3.13"


def test_a_python_newer_than_was_tried_is_the_last_choice(setup: ModuleType) -> None:
    assert setup.choose_python(running="new", version=pythons(new=(3, 99), python3_12=(3, 12))) == "python3.12"
    assert setup.choose_python(running="new", version=pythons(new=(3, 99))) == "new"


def test_the_python_that_was_asked_for_is_taken_or_refused_never_replaced(setup: ModuleType) -> None:
    beside = pythons(python3=(3, 11), mine=(3, 12), old=(3, 8))
    assert setup.choose_python(asked="mine", version=beside) == "mine"
    with pytest.raises(setup.SetupError, match=r"Python 3\.8 \(old\) is too old"):
        setup.choose_python(asked="old", version=beside)
    with pytest.raises(setup.SetupError, match="PYTHON=absent does not run"):
        setup.choose_python(asked="absent", version=beside)


def test_a_python_without_its_venv_module_names_the_package_to_install(
    setup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "version_of", lambda python: (3, 12))
    said = setup.venv_trouble(
        "python3", "The virtual environment was not created: ensurepip is not available", tmp_path
    )
    assert "apt-get install python3.12-venv" in said


# --- port -------------------------------------------------------------------------------------------------------


def test_a_taken_port_is_said_before_anything_is_installed(taken_port: int) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--serve", "127.0.0.1", str(taken_port)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    suggested = re.search(rf"Port {taken_port} is taken: .*make demo PORT=(\d+)", done.stderr)
    assert suggested is not None
    assert int(suggested[1]) > taken_port


def test_a_free_port_is_accepted(setup: ModuleType, taken_port: int) -> None:
    setup.check_port("127.0.0.1", str(setup.free_port("127.0.0.1", taken_port)))


@pytest.mark.parametrize("port", ["0", "-1", "65536", "http", "", "85.01"])
def test_what_is_no_port_is_refused(setup: ModuleType, port: str) -> None:
    with pytest.raises(setup.SetupError, match="is not a port"):
        setup.check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused(setup: ModuleType) -> None:
    with pytest.raises(setup.SetupError, match=r"HOST=192\.0\.2\.1 is not an address of this machine"):
        setup.check_port("192.0.2.1", "8501")  # RFC 5737: an address that nobody has


# --- disk -------------------------------------------------------------------------------------------------------


def test_too_little_room_is_said_before_anything_is_installed(
    setup: ModuleType, project: Path, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    free(setup, monkeypatch, 1 * GB)
    with pytest.raises(setup.SetupError, match=r"1\.0 GB free where .*, 3\.0 GB needed"):
        setup.set_up()
    assert ran == []


def test_packages_that_are_there_already_need_no_more_room(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    free(setup, monkeypatch, 1 * GB)
    setup.check_space(Path(), there=int(2.5 * GB))


def test_a_disk_that_fills_up_during_the_install_is_named(
    setup: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_commands(setup, monkeypatch, returncode=1)
    files = setup.requirement_files(dev=False)
    with pytest.raises(setup.SetupError, match="needs the network"):
        setup.install(project / ".venv", files)
    free(setup, monkeypatch, 1_000_000)
    with pytest.raises(setup.SetupError, match="disk is full"):
        setup.install(project / ".venv", files)


# --- install ----------------------------------------------------------------------------------------------------


def test_what_is_installed_is_skipped_the_next_time(setup: ModuleType, project: Path, ran: list[list[str]]) -> None:
    setup.set_up()
    assert len(ran) == 1
    setup.set_up()
    assert len(ran) == 1


def test_changed_requirements_are_installed(setup: ModuleType, project: Path, ran: list[list[str]]) -> None:
    setup.set_up()
    (project / "requirements.txt").write_text("streamlit==1.1\ntorch==2.0\n")
    setup.set_up()
    assert len(ran) == 2


def test_the_checks_need_more_than_the_app_but_not_the_other_way_round(
    setup: ModuleType, project: Path, ran: list[list[str]]
) -> None:
    setup.set_up(dev=True)
    assert [part for part in ran[0] if part.endswith(".txt")] == [
        str(project / "requirements.txt"),
        str(project / "requirements-dev.txt"),
    ]
    setup.set_up(dev=False)
    assert len(ran) == 1


def test_pytorch_alone_comes_from_the_index_that_was_named(
    setup: ModuleType, project: Path, ran: list[list[str]]
) -> None:
    setup.set_up(torch_index="https://example.org/cpu")
    first, rest = ran
    assert first[-4:] == ["--no-deps", "--index-url", "https://example.org/cpu", "torch==2.0"]
    assert "https://example.org/cpu" not in rest


def test_a_failed_install_is_not_taken_for_a_complete_one(
    setup: ModuleType, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = record_commands(setup, monkeypatch, returncode=1)
    for _ in range(2):
        with pytest.raises(setup.SetupError):
            setup.set_up()
    assert len(commands) == 2


def test_an_interrupted_install_heals(
    setup: ModuleType, project: Path, ran: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = project / ".venv" / "lib" / "python3.11" / "site-packages"
    for info, file in (("whole-1.0.dist-info", "RECORD"), ("half-1.0.dist-info", "METADATA"), ("~left", "x.py")):
        (site / info).mkdir(parents=True)
        (site / info / file).touch()

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during:
        during.setattr(setup.subprocess, "run", killed)
        with pytest.raises(KeyboardInterrupt):
            setup.set_up()
    assert not setup.installed(project / ".venv", setup.contents(setup.requirement_files(dev=False)))

    setup.set_up()
    assert len(ran) == 1
    assert [path.name for path in site.iterdir()] == ["whole-1.0.dist-info"]  # pip installs the other one again
    setup.set_up()
    assert len(ran) == 1


@pytest.mark.parametrize("stamp", ["", "{", "[]", "null", '{"requirements.txt": 1}'])
def test_a_damaged_stamp_only_costs_another_look(
    setup: ModuleType, project: Path, ran: list[list[str]], stamp: str
) -> None:
    (project / ".venv" / setup.STAMP).write_text(stamp)
    setup.set_up()
    assert len(ran) == 1
    assert "streamlit" not in (project / ".venv" / setup.STAMP).read_text()
    assert set(json.loads((project / ".venv" / setup.STAMP).read_text())) == {"requirements.txt"}


def test_an_environment_without_its_python_is_not_complete(
    setup: ModuleType, project: Path, ran: list[list[str]]
) -> None:
    setup.set_up()
    (project / ".venv" / "bin" / "python").unlink()
    setup.set_up()
    assert len(ran) == 2


# --- make -------------------------------------------------------------------------------------------------------

make = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


def run_make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`make` as typed by a person, even where the tests themselves were started by `make`."""
    inside = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PORT"}
    outside = {name: value for name, value in os.environ.items() if name not in inside}
    return subprocess.run(
        ["make", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False, env=outside | environment
    )


@make
def test_make_alone_lists_what_can_be_made() -> None:
    done = run_make()
    assert done.returncode == 0
    for target in ("demo", "prepare", "test", "bench", "clean"):
        assert f"make {target}" in done.stdout


@make
def test_make_demo_stops_at_a_taken_port(taken_port: int) -> None:
    done = run_make("demo", f"PORT={taken_port}")
    assert done.returncode != 0
    assert f"Port {taken_port} is taken" in done.stderr
    assert done.stdout == ""


@make
def test_make_demo_passes_its_variables_on() -> None:
    done = run_make("-n", "demo", "PORT=8599", "HOST=0.0.0.0", "TORCH_INDEX=https://example.org/cpu", HOST="elsewhere")
    assert "--serve '0.0.0.0' '8599'" in done.stdout
    assert "--torch-index 'https://example.org/cpu'" in done.stdout
    assert "http://localhost:8599" in done.stdout


@make
def test_the_machines_own_host_variable_is_not_taken_for_an_address() -> None:
    assert "--serve '127.0.0.1' '8501'" in run_make("-n", "demo", HOST="some-machine").stdout


# --- requirements -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned(name: str) -> None:
    lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith(("#", "-r "))]
    assert packages
    assert [line for line in packages if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][A-Za-z0-9.]*(; [^#]+)?", line)] == []


def test_pytorch_is_the_version_that_was_asked_for() -> None:
    assert "torch==2.13.0" in (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
