"""A developer's tool: serves the built page and answers its protocol from web/fixtures, without the engine.

The fixtures are illustrative. No number in them is a result, and turning a knob only moves the picture roughly.

    pip install websockets
    python web/dev_server.py [port] [beat]
"""

from __future__ import annotations

import asyncio
import copy
import json
import mimetypes
import sys
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

WEB = Path(__file__).resolve().parent
STATIC = WEB.parent / "src/ironlaw/faces/static"
ORDER = ["tracks", "story", "lock", "workbench", "reveal", "reflect", "ledger"]
FORWARD = {"choose": "story", "begin": "lock", "commit": "workbench", "ready": "reveal", "proceed": "reflect", "finish": "ledger"}
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self' ws: wss:"
)
STARTED = time.time() - 200

Json = dict[str, Any]


def fixture(beat: str) -> Json:
    """One illustrative view."""
    view: Json = json.loads((WEB / "fixtures" / f"{beat}.json").read_text("utf-8"))
    if view["part"]:
        view["part"]["started_at"] = STARTED
    return view


def turned(bench: Json, knobs: Json) -> None:
    """Moves the picture roughly as the knobs say; only to see that the page follows."""
    values = {control["id"]: control for control in bench["controls"]}
    for name, value in knobs.items():
        values[name]["value"] = value
    peak, bandwidth = values["peak_scale"]["value"], values["bw_scale"]["value"]
    batch, context = values["batch"]["value"] / 16, values["context"]["value"] / 8192
    roofline = bench["roofline"]
    for roof in list(roofline["roofs"]):
        if roof["role"] == "main" and (peak, bandwidth) != (1, 1):
            before = {**roof, "id": "unscaled", "role": "unscaled", "label": "", "peak_label": "as it is"}
            roofline["roofs"].append(before)
            roof["peak"] *= peak
            roof["bandwidth"] *= bandwidth
            roofline["ridges"][0]["x"] = roof["peak"] / roof["bandwidth"]
    selected = roofline["selected"]
    start = {"intensity": selected["intensity"], "flop_rate": selected["flop_rate"]}
    for dot in roofline["dots"]:
        if dot["layer"] != "attention":
            dot["intensity"] *= batch
            dot["flop_rate"] *= batch * bandwidth
        else:
            dot["flop_rate"] *= bandwidth
        dot["member"] = dot["layer"] == values["layer"]["value"]
    selected["flop_rate"] *= bandwidth
    selected["ghost_rate"] *= bandwidth
    if values["layer"]["value"] != "attention":
        members = [dot for dot in roofline["dots"] if dot["member"]] or roofline["dots"]
        big = max(members, key=lambda dot: dot["share"])
        selected.update(id=values["layer"]["value"], label=values["layer"]["value"], intensity=big["intensity"])
        selected.update(flop_rate=big["flop_rate"], share=big["share"], ghost_rate=big["flop_rate"] * 1.3, gap=None)
        bench["claim"] = f"The layer “{selected['label']}” waits for its bytes as well."
    elif knobs:
        selected["before"] = start
    law = bench["law"]
    law["terms"][0]["time"] *= context / bandwidth
    law["terms"][1]["time"] *= batch / peak
    law["total"] = sum(term["time"] for term in law["terms"])
    if not values["profiler"]["value"]:
        selected.update(flop_rate=selected["ghost_rate"], ghost_rate=None, gap=None, note="where physics would let it be")
        roofline["profiler"] = False
    bench["infeasible"] = "does not fit: 12.3 GB over" if batch * context > 60 else None


class Session:
    """What one connection remembers: where the learner stands and the knobs turned."""

    def __init__(self, beat: str) -> None:
        self.at = self.beat = beat
        self.knobs: Json = {}
        self.answers: Json | None = None

    def view(self) -> Json:
        """The view of the current beat."""
        view = copy.deepcopy(fixture(self.beat))
        view["at"] = self.at
        if self.at != self.beat and self.at != "tracks":
            view["steps"] = fixture(self.at)["steps"]
        if self.beat == "workbench":
            turned(view["content"], self.knobs)
        if self.beat == "reflect":
            turned(view["content"]["bench"], self.knobs)
        if self.beat == "lock" and self.answers:
            view["content"]["committed"] = self.answers
        return view

    def answer(self, message: Json) -> Json:
        """A view, or an error."""
        kind = message["type"]
        if kind in FORWARD:
            self.at = self.beat = FORWARD[kind]
        if kind == "commit":
            self.answers = message["answers"]
        elif kind == "visit":
            self.beat = message["beat"]
        elif kind == "turn":
            self.knobs |= message["knobs"]
        elif kind == "restart":
            self.at = self.beat = "tracks"
        elif kind == "reflect":
            return {"type": "error", "field": "answers.mbu", "message": "The fixture always refuses this number."}
        return {"type": "view", "view": self.view()}


async def talk(socket: ServerConnection) -> None:
    """Answers each message of one page."""
    session = Session(sys.argv[2] if len(sys.argv) > 2 else "tracks")
    async for text in socket:
        message = json.loads(text)
        if message["type"] == "hello" and str(message["ledger"]) in ORDER:
            session.at = session.beat = message["ledger"]  # a test asks for a beat by the ledger's name
            session.answers = None
        await socket.send(json.dumps({"id": message["id"], **session.answer(message)}))


def page(_socket: ServerConnection, request: Request) -> Response | None:
    """A built file, or None for the WebSocket."""
    path = request.path.split("?")[0]
    if path == "/ws":
        return None
    file = STATIC / (path.lstrip("/") or "index.html")
    if not file.is_file() or STATIC not in file.resolve().parents:
        return Response(HTTPStatus.NOT_FOUND, "Not Found", Headers(), b"")
    kind = "text/javascript" if file.suffix == ".js" else mimetypes.guess_type(file.name)[0] or "text/plain"
    body = file.read_bytes()
    headers = Headers({"Content-Type": kind, "Content-Length": str(len(body)), "Content-Security-Policy": POLICY})
    return Response(HTTPStatus.OK, "OK", headers, body)


async def main() -> None:
    """Serves until it is interrupted."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8799
    async with serve(talk, "127.0.0.1", port, process_request=page):
        print(f"http://127.0.0.1:{port}/ (fixtures, illustrative)")
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
