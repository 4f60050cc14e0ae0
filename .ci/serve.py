"""Start the app, open it once so that the first visitor need not wait, say where it is, and have the rest prepared.

    .venv/bin/python .ci/serve.py HOST PORT SHOWN_ADDRESS

The first visit does two things for all later ones: it opens the engine, and it tells a fresh Streamlit server which
pages there are, without which the first link to an inner page is met with "Page not found". What no shelf needs (maps,
words of other languages) is begun after that, in a process of its own that the app shows.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

STARTED_WITHIN = 60.0  # seconds; a cold start takes about two
SHOWN_WITHIN = 60.0
ENDED_WITHIN = 10.0
QUEUED_WITHIN = 60.0


def main(host: str, port: str, address: str) -> int:
    """Run the server until it ends or this program is told to end; returns the exit code."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", host, "--server.port", port,
               "--server.headless", "true", "--logger.level", "warning"]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    reached = f"localhost:{port}" if host in ("0.0.0.0", "::") else f"{host}:{port}"
    try:
        if not wait_until_up(reached, server):
            return not_up(server, port)
        with contextlib.suppress(OSError, TimeoutError, WebSocketException):
            visit(reached)  # a help, not a must: without it the first visitor waits a little
        print(opened_to_others(host), end="", flush=True)
        print(
            f"\nShelfLens is ready. Open it in a browser:  {address}\nIt runs until you press Ctrl+C here.",
            flush=True,
        )
        prepare_the_rest()
        return exit_code(server.wait())
    except KeyboardInterrupt:
        end(server)
        print("\nShelfLens has stopped.")
        return 0
    finally:
        end(server)  # however this program ends, the port is free again


def opened_to_others(host: str) -> str:
    """What a server that is not bound to this machine alone opens, in a few lines; "" for one that is."""
    try:
        local = host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        local = False
    if local:
        return ""
    where = "every network that this machine is in" if host in ("0.0.0.0", "::", "") else f"the network of {host}"
    return (
        f"\nAttention: HOST={host} opens ShelfLens to {where}. There is no password and no encryption.\n"
        "  Whoever reaches the address sees all shoppers with what they bought, and can act as any of them: like, put\n"
        "  into the basket, and forget that shopper's feedback and searches in the app.\n"
        "  They can upload files of up to 50 MB and start evaluations, trainings and preparations on this machine.\n"
        "  They cancel and remove only what they started; what is prepared nobody deletes but from this terminal.\n"
        "  Only on this machine: leave HOST out. For others: put a server with a password and TLS in front of it.\n"
    )


def prepare_the_rest() -> None:
    """Have what is still missing made beside the app. Where that cannot be begun one line says so: the app goes on."""
    command = [sys.executable, "-m", "recsys", "prepare", "--behind", "--json"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=QUEUED_WITHIN, check=False)
        trouble = (done.stderr.strip().splitlines() or [f"it ended with code {done.returncode}"])[-1]
        if done.returncode == 0:
            queued = json.loads(done.stdout)
            if queued["job"]:
                print(f"{queued['said']} The page Models shows how far that is.", flush=True)
            return
    except (OSError, ValueError, LookupError, subprocess.TimeoutExpired) as error:
        trouble = str(error)
    print(f"Maps and words of other languages were not begun: {trouble}", file=sys.stderr, flush=True)


def end_on_signals() -> None:
    """Leave by the ordinary way, which ends the server, when told to end or when the terminal is closed."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has no SIGHUP
            signal.signal(getattr(signal, name), _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def end(server: subprocess.Popen[bytes]) -> None:
    """End the server if it runs: politely, and by force when it does not listen."""
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(ENDED_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def exit_code(code: int) -> int:
    """A process's exit code as a shell gives it: 128 and the signal for one that was killed."""
    return code if code >= 0 else 128 - code


def not_up(server: subprocess.Popen[bytes], port: str) -> int:
    """Say in one line that the server is not up and what to do; returns an exit code that is not 0."""
    code = server.poll()
    happened = f"did not answer within {STARTED_WITHIN:.0f} seconds" if code is None else "ended before it was up"
    print(
        f"ShelfLens: the server {happened}. Read the log lines above; if port {port} is taken by another program, "
        f"choose another one: make demo PORT={int(port) + 1}",
        file=sys.stderr,
        flush=True,
    )
    return exit_code(code or 1)


def wait_until_up(reached: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether the server answers; False when it ended instead or took too long."""
    deadline = time.monotonic() + STARTED_WITHIN
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{reached}/_stcore/health", timeout=1):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False


def visit(reached: str) -> None:
    """Open the first page as a browser would, and wait until it has been computed."""
    with connect(f"ws://{reached}/_stcore/stream", max_size=None, open_timeout=10) as socket:
        hello = BackMsg()
        hello.rerun_script.query_string = ""
        socket.send(hello.SerializeToString())
        deadline = time.monotonic() + SHOWN_WITHIN
        while time.monotonic() < deadline:
            message = ForwardMsg()
            message.ParseFromString(bytes(socket.recv(timeout=SHOWN_WITHIN)))
            if message.WhichOneof("type") == "script_finished":
                return


if __name__ == "__main__":
    end_on_signals()
    sys.exit(main(*sys.argv[1:4]))
