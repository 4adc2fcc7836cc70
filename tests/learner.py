"""A learner in a browser: a served lab, what crosses the wire, and the moves that every mission needs."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

SEND = """([ledger, message]) => new Promise(done => {
  const socket = new WebSocket(`ws://${location.host}/ws`);
  const replies = [];
  socket.onopen = () => socket.send(JSON.stringify({id: 1, type: "hello", ledger}));
  socket.onmessage = event => {
    replies.push(JSON.parse(event.data));
    if (replies.length === 1) socket.send(JSON.stringify({id: 2, ...message}));
    else { socket.close(); done(replies[1]); }
  };
})"""


class Lab:
    """A served lab: its address and its ledger file."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.folder = folder

    def events(self) -> list[tuple[str, dict]]:
        connection = sqlite3.connect(self.folder / "ledgers.sqlite3")
        rows = connection.execute(
            "SELECT kind, payload FROM events ORDER BY ledger, seq"
        ).fetchall()
        connection.close()
        return [(kind, json.loads(payload)) for kind, payload in rows]


@contextmanager
def served_lab(folder: Path) -> Iterator[Lab]:
    """The lab on a free port, its ledgers in a folder."""
    command = [sys.executable, "-m", "ironlaw", "lab", "--port", "0", "--no-browser"]
    process = subprocess.Popen(
        [*command, "--data-dir", str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield Lab(process.stdout.readline().split()[2], folder)
    process.terminate()
    process.wait(10)
    process.stdout.close()


class Watch:
    """All that crosses the wire: addresses asked for, frames received, errors of the page."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.requests: list[str] = []
        self.frames: list[str] = []
        self.errors: list[str] = []
        context.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", self._socket)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _socket(self, socket) -> None:
        self.requests.append(socket.url)
        socket.on("framereceived", lambda frame: self.frames.append(str(frame)))

    def _console(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def assert_stayed_home(self, url: str) -> None:
        host = url.split("/")[2]
        assert self.requests
        for asked in self.requests:
            assert asked.startswith("data:") or asked.split("/")[2] == host, asked
        assert self.errors == []


def at(page: Page, beat: str) -> None:
    page.wait_for_selector(f"html[data-beat={beat}]")


def next_step(page: Page, beat: str) -> None:
    assert page.locator("[data-action=next]").count() == 1
    page.click("[data-action=next]")
    at(page, beat)


def sent(page: Page, message: dict) -> dict:
    """The answer to a message that no control of the page sends."""
    ledger = page.evaluate("localStorage['ironlaw.ledger']")
    return dict(page.evaluate(SEND, [ledger, message]))


def to_lock(page: Page, url: str, track: str, part: int = 1, seed: int | None = None) -> None:
    """Take a part of a track, as a teacher would hand it out, and read the story."""
    page.goto(url)
    at(page, "tracks")
    sent(page, {"type": "choose", "track": track, "part": part, "seed": seed})
    page.reload()
    at(page, "story")
    next_step(page, "lock")


def sees_nothing_before_the_lock(
    page: Page, watch: Watch, places: str, keys: Iterable[str]
) -> None:
    """Neither a picture nor a number of the workbench has come: what is asked has.

    Args:
        page: At the lock.
        watch: What crossed the wire.
        places: Selector of what stands in the workbench.
        keys: What its content holds.
    """
    assert page.get_by_role("button", name="Workbench").count() == 0
    assert page.locator(places).count() == 0
    received = "".join(watch.frames)
    assert '"questions":' in received
    for key in keys:
        assert f'"{key}":' not in received


def read(page: Page, place: str) -> str:
    """The words of a place, with plain blanks before their units."""
    words = str(page.locator(place).first.inner_text())
    return words.replace("\u00a0", " ").replace("\u202f", " ")


def handed_in(page: Page, attempt: int) -> str:
    """Hand in a proof as it is filled in, and give what the engine says of it."""
    page.click("[data-action=prove]")
    row = f"[data-try='{attempt}']"
    page.locator(row).first.wait_for()
    return read(page, row)


def locked(page: Page) -> None:
    """Commit the prediction as it is filled in."""
    page.click("form[data-form=lock] button[type=submit]")
    at(page, "workbench")


def defended(page: Page) -> None:
    """Hand in the reflection as it is filled in."""
    after_view(page, lambda: page.click("form[data-form=reflect] button[type=submit]"))


def run(page: Page) -> None:
    """Press Run and wait for its row; a slider's last turn may be answered before it."""
    rows = page.locator("[data-run]").count()
    page.click("[data-action=run]")
    page.wait_for_selector(f"[data-run='{rows + 1}']", state="attached")


def examiner(page: Page, width: int) -> Callable[[], None]:
    """What looks a beat over: nothing that axe finds, nothing wider than the page."""
    from axe_playwright_python.sync_playwright import Axe  # not every test has a browser

    axe = Axe()

    def examine() -> None:
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} px of content in {width} px"

    return examine


def views(page: Page) -> int:
    return int(page.evaluate("window.__ironlaw.views"))


def after_view(page: Page, act: Callable[[], object]) -> None:
    before = views(page)
    act()
    page.wait_for_function(
        "n => window.__ironlaw.views > n && window.__ironlaw.settled", arg=before
    )


def press(page: Page, control: str, key: str, times: int = 1) -> None:
    page.focus(f"[data-control={control}]")
    for _ in range(times):
        after_view(page, lambda: page.keyboard.press(key))


def gauge(page: Page, name: str) -> float:
    """What a learner reads off a gauge, in percent."""
    return number(page.locator(f"[data-gauge={name}]").inner_text(), r"([\d.]+)\s*%")


def red_dot(page: Page) -> tuple[float, float]:
    """Where the red dot of the roofline is [px]."""
    dot = page.locator("circle.il-red")
    return float(dot.get_attribute("cx") or "nan"), float(dot.get_attribute("cy") or "nan")


def number(text: str, pattern: str) -> float:
    """The number that a pattern finds in a text."""
    found = re.search(pattern, text)
    assert found is not None, text
    return float(found[1].replace(",", ""))


def tab(page: Page, name: str) -> None:
    """Bring an instrument into sight."""
    page.click(f"[data-tab={name}]")


def figure(page: Page, label: str) -> str:
    """What a learner reads in a figure of the instrument in sight."""
    return page.locator(f".il-figures div:visible:has(dt:text-is('{label}')) b").inner_text()


looks = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]


class Look(NamedTuple):
    """A page of one of the widths that every beat is looked at in."""

    page: Page
    width: int

    def examiner(self) -> Callable[[], None]:
        """What looks a beat over."""
        return examiner(self.page, self.width)
