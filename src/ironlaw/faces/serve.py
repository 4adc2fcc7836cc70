"""Run the lab's server and open the browser."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

import uvicorn

from ironlaw.faces.server import LONGEST_MESSAGE, application

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PATIENCE = 20.0  # how long the browser waits for the server [s]


def serve(*, host: str, port: int, browser: bool, folder: Path | None) -> None:
    """Serve until interrupted.

    Args:
        host: Address to bind to.
        port: Port; 0 takes a free one.
        browser: Whether to open the browser.
        folder: Folder of the ledgers; the user's data folder if None.
    """
    home = data_folder() if folder is None else folder
    hosts = [*_LOOPBACK, "[::1]"] if host in _LOOPBACK else None
    app = application(home, hosts)
    listener = _listening(host, port)
    number = int(listener.getsockname()[1])
    shown = f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{number}/"
    sys.stdout.write(f"ironlaw lab: {url}   ledgers in {home}   (Ctrl-C stops)\n")
    sys.stdout.flush()
    if browser:
        threading.Thread(target=_open_when_ready, args=(url,), daemon=True).start()
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=4 * LONGEST_MESSAGE,
        lifespan="on",
    )
    uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        sys.stderr.write(
            f"ironlaw: cannot serve on {host}:{port}: {error.strerror}; try --port 0\n"
        )
        sys.exit(2)
    listener.listen()
    return listener


def data_folder() -> Path:
    """The user's folder for ledgers: IRONLAW_DATA, else the platform's data folder."""
    named = os.environ.get("IRONLAW_DATA")
    if named:
        return Path(named)
    home = os.environ.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "ironlaw"


def _open_when_ready(url: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}health", timeout=1.0):  # noqa: S310 - our own loopback address
                webbrowser.open(url)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
