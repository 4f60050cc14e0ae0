"""Start the app, open it once so that the first visitor need not wait, and say where it is.

    .venv/bin/python .ci/serve.py HOST PORT SHOWN_ADDRESS

The first visit does two things for all later ones: it opens the engine, and it tells a fresh Streamlit server which
pages there are, without which the first link to an inner page is met with "Page not found".
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
import urllib.error
import urllib.request

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

STARTED_WITHIN = 60.0  # seconds; a cold start takes about two
SHOWN_WITHIN = 60.0


def main(host: str, port: str, address: str) -> int:
    """Run the server until it ends; returns its exit code."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", host, "--server.port", port,
               "--server.headless", "true", "--logger.level", "warning"]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    reached = f"localhost:{port}" if host in ("0.0.0.0", "::") else f"{host}:{port}"
    try:
        if wait_until_up(reached, server):
            with contextlib.suppress(OSError, TimeoutError, WebSocketException):
                visit(reached)  # a help, not a must: without it the first visitor waits a little
            print(
                f"\nShelfLens is ready. Open it in a browser:  {address}\nIt runs until you press Ctrl+C here.",
                flush=True,
            )
        return server.wait()
    except KeyboardInterrupt:
        server.terminate()
        server.wait()
        print("\nShelfLens has stopped.")
        return 0


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
    sys.exit(main(*sys.argv[1:4]))
