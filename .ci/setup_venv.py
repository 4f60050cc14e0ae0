#!/usr/bin/env python3
"""Make .venv ready to run ShelfLens, or say in one plain line what is in the way and what to do.

    python3 .ci/setup_venv.py [--dev] [--serve HOST PORT] [--torch-index URL]

What is already done is skipped in well under a second. An interrupted install is completed by the next run.
The text keeps to the syntax of Python 3.6, so that an old Python can say that it is too old.
"""

import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

PROJECT = pathlib.Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NEWEST_TRIED = (3, 14)  # the newest for which every pinned package offers a ready-made build
NEEDED_BYTES = 3 * 1024**3  # the packages take 2.5 GB with PyTorch's CPU build, the prepared data 0.3 GB
ALMOST_FULL_BYTES = 300 * 1024**2  # below this a failed install is put down to the disk
STAMP = "shelflens-installed.json"  # in .venv: what was installed, written last
PENDING = "shelflens-installing"  # in .venv: there while packages are being installed


class SetupError(Exception):
    """Something is in the way; the message says what, and what to do."""


# --- the Python to use ------------------------------------------------------------------------------------------


def version_of(command):
    """The (major, minor) of a Python command, or None where it does not run."""
    asking = "import sys; print('%d %d' % sys.version_info[:2])"
    try:
        done = subprocess.run([command, "-c", asking], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30)
        major, minor = done.stdout.decode().split()
        return int(major), int(minor)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None


def dotted(version):
    """'3.11' for (3, 11)."""
    return "%d.%d" % tuple(version)


def choose_python(asked="", running="", version=version_of):
    """The command of a Python that fits: the one asked for, else the first that is new enough.

    A newer one than was tried is the last choice: packages may have no build for it yet.
    """
    if asked:
        found = version(asked)
        if found is None:
            raise SetupError("PYTHON={} does not run. Give the command of a Python {}+.".format(asked, dotted(OLDEST)))
        if found < OLDEST:
            raise SetupError(too_old(asked, found))
        return asked
    names = [running or sys.executable, "python3"]
    names += ["python3.{}".format(minor) for minor in range(NEWEST_TRIED[1], OLDEST[1] - 1, -1)] + ["python"]
    newer, seen = None, []
    for name in names:
        found = version(name)
        if found is None:
            continue
        if OLDEST <= found <= NEWEST_TRIED:
            return name
        if found > NEWEST_TRIED:
            newer = newer or name
        seen.append((found, name))
    if newer:
        return newer
    if not seen:
        raise SetupError("No Python was found. Install Python {}+ from python.org.".format(dotted(OLDEST)))
    best, name = max(seen)
    raise SetupError(too_old(name, best))


def too_old(name, found):
    """What a person is told whose Python is too old."""
    return (
        "Python {} ({}) is too old: ShelfLens needs Python {} or newer. "
        "Install one from python.org, or name one you have: make demo PYTHON=/path/to/python3".format(
            dotted(found), name, dotted(OLDEST)
        )
    )


# --- the port ---------------------------------------------------------------------------------------------------


def can_listen(host, port):
    """Raise OSError unless a server could listen there now."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_PASSIVE)[0]
    with socket.socket(family, kind, protocol) as probe:
        if os.name == "posix":  # a port that a server left a moment ago counts as free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)


def check_port(host, port):
    """Raise SetupError unless the app could listen on host and port."""
    if not (port.isdigit() and 1 <= int(port) <= 65535):
        raise SetupError("PORT={} is not a port. Give a number from 1024 to 65535, such as PORT=8501.".format(port))
    try:
        can_listen(host, int(port))
    except socket.gaierror:
        raise SetupError("HOST={} is not an address of this machine. Leave HOST out to use 127.0.0.1.".format(host))
    except PermissionError:
        raise SetupError("Port {} needs administrator rights. Try: make demo PORT=8501".format(port))
    except OSError as error:
        if error.errno in (99, 49, 10049):  # "cannot assign requested address" on Linux, macOS, Windows
            raise SetupError("HOST={} is not an address of this machine. Leave HOST out to use 127.0.0.1.".format(host))
        raise SetupError(
            "Port {} is taken: another program (an earlier ShelfLens?) is using it. Try: make demo PORT={}".format(
                port, free_port(host, int(port))
            )
        )


def free_port(host, taken):
    """A free port after the taken one."""
    for port in range(taken + 1, min(taken + 50, 65536)):
        try:
            can_listen(host, port)
        except OSError:
            continue
        return port
    return 8600 if taken != 8600 else 8700


# --- the disk ---------------------------------------------------------------------------------------------------


def check_space(folder, there=0):
    """Raise SetupError when there is too little room for the packages, of which `there` bytes are there already."""
    free = shutil.disk_usage(str(folder)).free
    needed = max(NEEDED_BYTES - there, ALMOST_FULL_BYTES)
    if free < needed:
        raise SetupError(
            "Too little free disk space: {:.1f} GB free where {} is, {:.1f} GB needed. "
            "Free some space and run it again.".format(free / 1024**3, folder, needed / 1024**3)
        )


def size_of(folder):
    """The bytes of all files in a folder, 0 where there is none."""
    total = 0
    for where, _, names in os.walk(str(folder)):
        for name in names:
            try:
                total += os.lstat(os.path.join(where, name)).st_size
            except OSError:
                pass  # gone meanwhile
    return total


# --- the environment --------------------------------------------------------------------------------------------


def python_in(venv):
    """The Python of a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def requirement_files(dev):
    """The files to install from."""
    names = ["requirements.txt"] + (["requirements-dev.txt"] if dev else [])
    return [PROJECT / name for name in names]


def contents(files):
    """What is to be installed, as text: a hash per file."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def installed(venv, wanted):
    """Whether everything wanted was installed, by the stamp that is written last."""
    try:
        stamp = json.loads((venv / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if (venv / PENDING).exists() or not python_in(venv).exists() or not isinstance(stamp, dict):
        return False
    return all(stamp.get(name) == value for name, value in wanted.items())


def make_venv(venv, python):
    """The virtual environment, made unless a working one is there."""
    if runs_pip(venv):
        return
    print("Making the environment {} with Python {} ...".format(venv.name, dotted(version_of(python))), flush=True)
    clear = ["--clear"] if venv.exists() else []
    command = [python, "-m", "venv"] + clear + [str(venv)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0 or not runs_pip(venv):
        raise SetupError(venv_trouble(python, done.stdout.decode(errors="replace"), venv))


def venv_trouble(python, output, venv):
    """Why an environment could not be made."""
    if shutil.disk_usage(str(venv.parent)).free < ALMOST_FULL_BYTES:
        return "The disk is full. Free 3 GB and run it again."
    if "ensurepip" in output or "No module named venv" in output:
        version = dotted(version_of(python) or OLDEST)
        return (
            "This Python comes without its venv module. On Debian or Ubuntu: "
            "sudo apt-get install python{}-venv - then run it again.".format(version)
        )
    last = (output.strip().splitlines() or ["no message"])[-1]
    return "The environment {} could not be made: {}. Remove that folder and run it again.".format(venv, last)


def runs_pip(venv):
    """Whether the environment is there, is new enough, and has a pip that runs."""
    asking = "import sys, pip; sys.exit(sys.version_info[:2] < {!r})".format(OLDEST)
    try:
        return subprocess.run([str(python_in(venv)), "-c", asking], stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def heal(venv):
    """Undo what an install that was killed left half done; returns the names of what was removed.

    pip writes a package's RECORD last: a package without one is not whole though pip takes it for installed. Folders
    that begin with a tilde are what pip had set aside to replace.
    """
    removed = []
    for site in list(venv.glob("lib/python*/site-packages")) + list(venv.glob("Lib/site-packages")):
        halves = [info for info in site.glob("*.dist-info") if not (info / "RECORD").is_file()]
        for folder in halves + list(site.glob("~*")):
            shutil.rmtree(str(folder), ignore_errors=True)
            removed.append(folder.name)
    return sorted(removed)


def pinned(file, package):
    """The line of a requirements file that pins a package."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.split("==")[0].strip().lower() == package:
            return line.strip()
    raise SetupError("{} does not pin {}.".format(file.name, package))


def install_commands(venv, files, torch_index=""):
    """The pip commands that install everything; PyTorch alone comes from its index, where one is given."""
    pip = [str(python_in(venv)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    commands = []
    if torch_index:
        commands.append(pip + ["--no-deps", "--index-url", torch_index, pinned(PROJECT / "requirements.txt", "torch")])
    commands.append(pip + [part for file in files for part in ("-r", str(file))])
    return commands


def install(venv, files, torch_index=""):
    """Install the packages, and put the stamp down when all of them are in."""
    if (venv / PENDING).exists():
        print("An earlier install was interrupted; completing it.", flush=True)
        heal(venv)
    (venv / PENDING).write_text("packages are being installed\n", encoding="utf-8")
    if (venv / STAMP).exists():
        (venv / STAMP).unlink()
    print("Installing the packages: up to a few minutes the first time, nothing to do the next time.", flush=True)
    for command in install_commands(venv, files, torch_index):
        if subprocess.run(command, cwd=str(PROJECT)).returncode != 0:
            raise SetupError(install_trouble(venv))
    temporary = venv / (STAMP + ".tmp")
    temporary.write_text(json.dumps(contents(files), indent=1), encoding="utf-8")
    temporary.replace(venv / STAMP)
    (venv / PENDING).unlink()


def install_trouble(venv):
    """Why an install failed, as far as can be told."""
    if shutil.disk_usage(str(venv)).free < ALMOST_FULL_BYTES:
        return "The disk is full: the packages need 3 GB. Free some space and run it again; it then goes on."
    return (
        "The packages could not be installed; pip's message is above. The install needs the network (only the "
        "install does): check it and run it again; it goes on where it stopped."
    )


def set_up(dev=False, serve=None, torch_index="", python="", venv=None):
    """Everything in order: what can go wrong at no cost is checked before anything is downloaded."""
    venv = venv or PROJECT / ".venv"
    if serve:
        check_port(*serve)
    files = requirement_files(dev)
    if installed(venv, contents(files)):
        return
    chosen = choose_python(python)
    with only_one():
        if installed(venv, contents(files)):  # by the one that was waited for
            return
        if not (venv / STAMP).exists():
            check_space(venv.parent, size_of(venv))
        make_venv(venv, chosen)
        install(venv, files, torch_index)


@contextlib.contextmanager
def only_one():
    """Let one set-up work at a time; the lock ends with its process, however that ends."""
    with open(str(pathlib.Path(__file__).resolve())) as handle:
        if fcntl is not None:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                print("Another set-up is running; waiting for it ...", flush=True)
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def main(arguments=None):
    """The exit code: 0 when .venv is ready."""
    parser = argparse.ArgumentParser(description="Make .venv ready to run ShelfLens.")
    parser.add_argument("--dev", action="store_true", help="install what the checks need as well")
    parser.add_argument("--serve", nargs=2, metavar=("HOST", "PORT"), help="check first that the app can listen there")
    parser.add_argument("--torch-index", default="", metavar="URL", help="take PyTorch from this index")
    asked = parser.parse_args(arguments)
    try:
        set_up(asked.dev, asked.serve, asked.torch_index, os.environ.get("PYTHON", ""))
    except SetupError as error:
        print("ShelfLens: {}".format(error), file=sys.stderr)
        return 1
    except OSError as error:
        print("ShelfLens: cannot write: {}. Correct that and run it again.".format(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nShelfLens: interrupted. Run it again; it goes on where it stopped.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
