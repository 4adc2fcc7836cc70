"""A trace of one's own: taken from this machine alone, looked at and not graded, gone from the disk."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from edge_learner import PREDICTION
from ironlaw.faces import uploads
from ironlaw.faces.server import application
from ironlaw.system.jitter.kineto import trace_lines
from ironlaw.system.jitter.simulate import simulate

REAL = Path(__file__).resolve().parents[3] / "shared/traces/gpu"
NAME = "C:\\traces\\my%20case.json"


@pytest.fixture
def client(tmp_path):
    app = application(tmp_path / "data")
    with TestClient(app, client=("127.0.0.1", 50000)) as one:
        yield one


@pytest.fixture(scope="module")
def trace():
    return "".join(trace_lines(simulate(7, 80))).encode()


def sent(client, body, **headers):
    return client.post("/trace", content=body, headers={"X-Name": NAME, **headers})


class Page:
    """A page that speaks the protocol."""

    def __init__(self, socket):
        self.socket = socket
        self.number = 0

    def say(self, **message):
        self.number += 1
        self.socket.send_text(json.dumps({"id": self.number, **message}))
        return json.loads(self.socket.receive_text())

    def to_work(self):
        self.say(type="hello")
        self.say(type="choose", track="edge-guardian", seed=5)
        self.say(type="begin")
        return self.say(type="commit", answers=PREDICTION)["view"]


def test_a_trace_is_looked_at_and_the_ledger_stays_as_it_is(client, trace):
    answer = sent(client, trace)
    assert answer.status_code == 200
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        before = page.to_work()
        own = page.say(type="load", trace=answer.json()["trace"])["view"]
        bench = own["content"]
        assert (bench["source"]["kind"], bench["source"]["name"]) == ("file", "my case.json")
        assert bench["frames"]["n"] == 80
        assert bench["closing"]["auditor"]["culprit"] == "nms_kernel"
        event = bench["events"]["rows"][0]["id"]
        turned = page.say(type="turn", knobs={"event": event}, settled=True)["view"]
        assert turned["content"]["lanes"]["selected"] == event
        assert page.say(type="turn", knobs={"frame": "80"}, settled=True)["field"] == "knobs.frame"
        assert turned["ledger"] == own["ledger"] == before["ledger"]
        back = page.say(type="load", trace=None)["view"]
        assert back["content"] == before["content"]


def test_a_packed_trace_is_read(client, trace):
    assert "trace" in sent(client, gzip.compress(trace)).json()


def test_the_file_is_gone_when_it_is_read_and_the_folder_when_the_server_is(tmp_path, trace):
    app = application(tmp_path)
    with TestClient(app, client=("127.0.0.1", 50000)) as client:
        folder = app.state.shelf.folder
        sent(client, trace)
        sent(client, b"no trace at all")
        assert folder.is_dir()
        assert list(folder.iterdir()) == []
    assert not folder.exists()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the file is empty"),
        (b"no trace at all", "my case.json"),
        (b"\x1f\x8b\x08\x00broken", "my case.json"),
        (b'{"traceEvents": []}', "my case.json"),
        (b'{"traceEvents": [{"ph": "X", "name": "a", "ts": 1, "dur": 2}]}', "no frames"),
        (b"SQLite format 3\x00" + b"\x00" * 200, "my case.json"),
    ],
)
def test_bad_files_are_answered_with_field_and_message(client, body, said):
    answer = sent(client, body)
    assert answer.status_code == 400
    told = answer.json()
    assert set(told) == {"field", "message"}
    assert told["field"] == "trace"
    assert said in told["message"]
    assert "ironlaw-" not in told["message"]


def test_a_file_that_is_too_large_is_refused_while_it_comes(tmp_path, trace):
    app = application(tmp_path)
    with TestClient(app, client=("127.0.0.1", 50000)) as client:
        app.state.shelf.close()
        app.state.shelf = uploads.Shelf(largest=1024 * 1024)
        answer = sent(client, trace + b" " * 2_000_000)
        assert answer.status_code == 413
        assert "larger than 1 MiB" in answer.json()["message"]
        assert list(app.state.shelf.folder.iterdir()) == []


def test_traces_come_from_this_machine_and_this_page_alone(tmp_path, trace):
    app = application(tmp_path)
    with TestClient(app, client=("192.0.2.7", 50000)) as elsewhere:
        assert sent(elsewhere, trace).status_code == 403
    with TestClient(app, client=("127.0.0.1", 50000)) as client:
        assert sent(client, trace, Origin="https://elsewhere.example").status_code == 403
        assert sent(client, trace, Origin="http://testserver").status_code == 200
        assert client.get("/trace").status_code in (404, 405)


def test_the_oldest_trace_makes_place(client, trace):
    ids = [sent(client, trace).json()["trace"] for _ in range(uploads.KEPT + 1)]
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.to_work()
        assert page.say(type="load", trace=ids[0])["field"] == "trace"
        assert page.say(type="load", trace=ids[-1])["type"] == "view"


def test_nothing_is_loaded_before_the_lock_or_outside_the_workbench(client, trace):
    key = sent(client, trace).json()["trace"]
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.say(type="hello")
        assert page.say(type="load", trace=key)["type"] == "error"
        page.to_work()
        page.say(type="ready")
        refused = page.say(type="load", trace=key)
        assert "in the workbench" in refused["message"]
        page.say(type="restart")
        page.say(type="choose", track="cloud-titan")
        page.say(type="begin")
        page.say(type="commit", answers={"slope": "no", "share": 50})
        assert "no trace of one's own" in page.say(type="load", trace=key)["message"]


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no {REAL}")
def test_a_real_trace_of_a_gpu_is_looked_at(client):
    file = sorted(REAL.glob("*.gz"))[0]
    key = sent(client, file.read_bytes()).json()["trace"]
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.to_work()
        bench = page.say(type="load", trace=key)["view"]["content"]
        assert bench["kind"] == "audit"
        assert bench["frames"]["n"] >= 5
        assert any(
            one["kind"] == "kernel" for row in bench["lanes"]["rows"] for one in row["frame"]
        )
