"""The server: the protocol over a WebSocket, without a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from ironlaw.faces.server import application

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(application(tmp_path)) as client:
        yield client


class Page:
    """A page that speaks the protocol and remembers all that came over the wire."""

    def __init__(self, socket) -> None:
        self.socket = socket
        self.wire: list[str] = []

    def say(self, **message) -> dict:
        self.socket.send_text(json.dumps({"id": len(self.wire) + 1, **message}))
        self.wire.append(self.socket.receive_text())
        return json.loads(self.wire[-1])

    def to_lock(self) -> dict:
        self.say(type="hello")
        self.say(type="choose", track="cloud-titan")
        return self.say(type="begin")["view"]


ANSWERS = {"slope": "no", "share": 35}


def test_page_and_bundle_are_served_with_a_policy_that_forbids_other_hosts(client: TestClient):
    answer = client.get("/")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert client.get("/lab.js").status_code == 200
    assert client.get("/instruments/roofline.js").status_code == 200


def test_every_answer_carries_the_id_of_its_question(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        assert page.say(type="hello")["id"] == 1
        assert page.say(type="nonsense")["type"] == "error"
        assert page.say(type="choose", track="cloud-titan")["id"] == 3


def test_no_workbench_data_cross_the_wire_before_the_lock(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.to_lock()
        for knob in ({"layer": "attention"}, {"profiler": True}):
            refused = page.say(type="turn", knobs=knob, settled=True)
            assert refused["type"] == "error"
        for beat in ("workbench", "reveal", "reflect", "ledger"):
            assert page.say(type="visit", beat=beat)["type"] == "error"
        assert page.say(type="ready")["type"] == "error"
        text = "".join(page.wire)
        for key in ('"roofline":', '"gauges":', '"kernels":', '"law":', '"dots":', "mbu"):
            assert key not in text
        view = page.say(type="commit", answers=ANSWERS)["view"]
        assert view["beat"] == "workbench"
        assert view["content"]["roofline"]["dots"]


def test_a_commitment_cannot_be_changed_and_a_reload_keeps_it(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.to_lock()
        ledger = page.say(type="commit", answers=ANSWERS)["view"]["ledger"]["id"]
        again = page.say(type="commit", answers={"slope": "a_little", "share": 77})
        assert again["type"] == "error"
        assert "cannot be changed" in again["message"]
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        assert page.say(type="hello", ledger=ledger)["view"]["beat"] == "workbench"
        seen = page.say(type="visit", beat="lock")["view"]["content"]["committed"]
        assert seen == ANSWERS


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"slope": "maybe", "share": 35}, "answers.slope"),
        ({"slope": "no"}, "answers.share"),
        ({"slope": "no", "share": 101}, "answers.share"),
        ({"slope": "no", "share": "many"}, "answers.share"),
    ],
)
def test_a_bad_answer_is_refused_by_field_and_nothing_is_lost(client: TestClient, answers, field):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.to_lock()
        refused = page.say(type="commit", answers=answers)
        assert refused["type"] == "error"
        assert refused["field"] == field
        view = page.say(type="visit", beat="lock")["view"]
        assert view["ledger"]["events"] == 2
        assert view["content"]["committed"] is None


def test_a_drag_is_answered_but_only_a_settled_knob_is_logged(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.to_lock()
        start = page.say(type="commit", answers=ANSWERS)["view"]
        dragged = page.say(type="turn", knobs={"bandwidth_scale": 2.0}, settled=False)["view"]
        assert dragged["content"]["law"]["total"] < start["content"]["law"]["total"]
        assert dragged["ledger"]["events"] == start["ledger"]["events"]
        settled = page.say(type="turn", knobs={"bandwidth_scale": 2.0}, settled=True)["view"]
        assert settled["ledger"]["events"] == start["ledger"]["events"] + 1
        peak = page.say(type="turn", knobs={"peak_scale": 4.0}, settled=True)["view"]
        # memory binds: four times the peak buys next to nothing
        gain = peak["content"]["law"]["total"] / settled["content"]["law"]["total"]
        assert 0.97 < gain <= 1.0


def test_malformed_messages_are_refused_and_the_conversation_goes_on(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.say(type="hello")
        for text in ("{", "[]", '{"type": 3}', '{"type": "commit", "answers": [1]}', "x" * 70_000):
            socket.send_text(text)
            assert json.loads(socket.receive_text())["type"] == "error"
        assert page.say(type="choose", track="cloud-titan")["view"]["beat"] == "story"


def test_a_track_that_is_not_there_is_refused(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.say(type="hello")
        assert "did you mean 'cloud-titan'" in page.say(type="choose", track="cloud")["message"]


def test_start_over_begins_a_new_ledger_and_keeps_the_old_one(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.to_lock()
        old = page.say(type="commit", answers=ANSWERS)["view"]["ledger"]
        new = page.say(type="restart")["view"]
        assert new["beat"] == "tracks"
        assert new["ledger"]["id"] != old["id"]
        back = page.say(type="hello", ledger=old["id"])["view"]
        assert back["ledger"] == old


def test_another_site_may_not_open_the_socket(client: TestClient):
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/ws", headers={"origin": "https://elsewhere.example"}),
    ):
        pass


def test_a_changed_ledger_is_kept_and_a_new_one_started_aloud(tmp_path: Path):
    import sqlite3

    with TestClient(application(tmp_path)) as client, client.websocket_connect("/ws") as socket:
        page = Page(socket)
        ledger = page.to_lock()["ledger"]["id"]
        connection = sqlite3.connect(tmp_path / "ledgers.sqlite3")
        with connection:
            connection.execute("UPDATE events SET payload = '{}' WHERE seq = 1")
        connection.close()
        view = page.say(type="hello", ledger=ledger)["view"]
        assert view["beat"] == "tracks"
        assert view["ledger"]["id"] != ledger
        assert "was changed after it was sealed" in view["notice"]
        rows = sqlite3.connect(tmp_path / "ledgers.sqlite3")
        assert rows.execute(
            "SELECT count(*) FROM events WHERE ledger = ?", (ledger,)
        ).fetchone() == (2,)
        rows.close()


def test_a_ledger_id_that_the_lab_never_gave_starts_a_new_one(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        for strange in ("one", "../../etc/passwd", "x" * 10_000):
            given = page.say(type="hello", ledger=strange)["view"]["ledger"]["id"]
            assert given != strange
            assert len(given) == 32


def test_only_the_lab_s_own_names_are_answered(tmp_path: Path):
    with TestClient(application(tmp_path, ["127.0.0.1"]), base_url="http://127.0.0.1") as client:
        assert client.get("/").status_code == 200
        assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_long_and_binary_messages_are_refused_and_the_conversation_goes_on(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.say(type="hello")
        socket.send_text('{"type": "hello", "ledger": "' + "é" * 33_000 + '"}')
        assert "longer than 65536 bytes" in json.loads(socket.receive_text())["message"]
        socket.send_bytes(b"{}")
        assert "not a text frame" in json.loads(socket.receive_text())["message"]
        socket.send_text("[" * 30_000)
        assert json.loads(socket.receive_text())["type"] == "error"
        assert page.say(type="choose", track="cloud-titan")["view"]["beat"] == "story"


def test_hello_on_an_older_socket_takes_up_what_another_one_wrote(client: TestClient):
    with client.websocket_connect("/ws") as first, client.websocket_connect("/ws") as second:
        one, two = Page(first), Page(second)
        ledger = one.to_lock()["ledger"]["id"]
        assert two.say(type="hello", ledger=ledger)["view"]["beat"] == "lock"
        one.say(type="commit", answers=ANSWERS)
        assert two.say(type="commit", answers=ANSWERS)["type"] == "error"
        assert two.say(type="hello", ledger=ledger)["view"]["beat"] == "workbench"


@pytest.mark.parametrize(
    ("kind", "payload"),
    [("bogus", {}), ("start", {}), ("start", {"track": "nope"}), ("read", {"next": "nowhere"})],
)
def test_a_ledger_of_another_version_is_kept_and_a_new_one_started(tmp_path: Path, kind, payload):
    from ironlaw.faces.store import Store
    from ironlaw.lab.ledger import Ledger, appended

    name = "0" * 32
    store = Store(tmp_path)
    store.save(appended(Ledger(name), kind, payload, 1.0), 0)
    store.close()
    with TestClient(application(tmp_path)) as client, client.websocket_connect("/ws") as socket:
        view = Page(socket).say(type="hello", ledger=name)["view"]
        assert view["beat"] == "tracks"
        assert view["ledger"]["id"] != name
        assert "of another version of the lab" in view["notice"]


def to_second_workbench(page: Page) -> dict:
    page.say(type="hello")
    page.say(type="choose", track="cloud-titan", part=2)
    page.say(type="begin")
    return page.say(type="commit", answers={"reduces": "both", "gone": 30})["view"]


def test_runs_are_counted_over_the_wire_and_the_eleventh_is_refused(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        assert to_second_workbench(page)["content"]["result"] is None
        for left in range(9, -1, -1):
            content = page.say(type="run")["view"]["content"]
            assert content["runs"]["left"] == left
            assert content["result"]["waterfall"]["steps"]
        refused = page.say(type="run")
        assert (refused["type"], refused["field"]) == ("error", "run")
        assert page.say(type="ready")["view"]["content"]["score"]["ratio"] < 1.0


def test_no_answer_of_a_run_crosses_the_wire_before_it_is_made(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.say(type="hello")
        page.say(type="choose", track="cloud-titan", part=2)
        page.say(type="begin")
        assert page.say(type="run")["type"] == "error"
        assert '"graph":' not in "".join(page.wire)
        page.say(type="commit", answers={"reduces": "both", "gone": 30})
        page.say(type="turn", knobs={"level": "full"}, settled=True)
        text = "".join(page.wire)
        for key in ('"waterfall":', '"gauges":', '"law":', '"dots":'):
            assert key not in text
        assert '"waterfall":{' in json.dumps(page.say(type="run"), separators=(",", ":"))


def test_runs_survive_a_restart_of_the_server(tmp_path: Path):
    with TestClient(application(tmp_path)) as client, client.websocket_connect("/ws") as socket:
        page = Page(socket)
        ledger = to_second_workbench(page)["ledger"]["id"]
        before = page.say(type="run")["view"]["content"]
    with TestClient(application(tmp_path)) as client, client.websocket_connect("/ws") as socket:
        again = Page(socket).say(type="hello", ledger=ledger)["view"]["content"]
    assert again == before


def test_a_refused_fusion_names_its_knob_and_the_socket_goes_on(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        to_second_workbench(page)
        knobs = {"fuse:v_proj+cache_v": True}
        refused = page.say(type="turn", knobs=knobs, settled=True)
        assert (refused["type"], refused["field"]) == ("error", "knobs.fuse:v_proj+cache_v")
        assert page.say(type="run")["view"]["content"]["runs"]["left"] == 9


def test_the_next_part_is_not_open_before_this_one_is_done(client: TestClient):
    with client.websocket_connect("/ws") as socket:
        page = Page(socket)
        page.to_lock()
        assert page.say(type="advance")["type"] == "error"
        assert page.say(type="choose", track="cloud-titan", part=2)["type"] == "error"
