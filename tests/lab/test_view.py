"""What the page is shown, beat by beat, and what it is not shown before the lock."""

from __future__ import annotations

import json

import pytest

JOURNEY = ("tracks", "story", "lock", "workbench", "reveal", "reflect", "passed", "ledger")
BENCH = {
    "kind",
    "claim",
    "configuration",
    "roofline",
    "law",
    "gauges",
    "controls",
    "peeks",
    "kernels",
    "infeasible",
}
CONTENT = {
    # docs/protocol.md, content by beat
    "tracks": {"lead", "tracks"},
    "story": {"heading", "from", "paragraphs", "figures"},
    "lock": {"heading", "questions", "warning", "submit", "committed"},
    "workbench": BENCH,
    "reveal": {"heading", "choice", "number", "experiment", "score"},
    "reflect": {
        "who",
        "disclaimer",
        "prompt",
        "questions",
        "submit",
        "attempts",
        "passed",
        "verdicts",
        "bench",
    },
    "ledger": {"heading", "verified", "sections", "events", "export"},
}
CARD = {
    "id",
    "name",
    "persona",
    "stakeholder",
    "north_star",
    "machine",
    "crisis",
    "open",
    "minutes",
    "parts",
}
QUESTION = {"id", "kind", "text", "help", "options", "unit", "min", "max", "min_length"}


@pytest.fixture(scope="session")
def seen(at):
    """A function from a beat to the view of a learner who has just come there, as the page gets it."""
    from ironlaw.lab.view import view

    def look(beat):
        return json.loads(json.dumps(view(at(beat)), allow_nan=False))

    return look


def keys(node):
    if isinstance(node, dict):
        for name, value in node.items():
            yield name
            yield from keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys(value)


def numbers(node):
    if isinstance(node, bool):
        return
    if isinstance(node, (int, float)):
        yield float(node)
    elif isinstance(node, dict):
        for value in node.values():
            yield from numbers(value)
    elif isinstance(node, list):
        for value in node:
            yield from numbers(value)


@pytest.mark.parametrize("beat", JOURNEY)
def test_every_view_has_its_frame(seen, beat):
    view = seen(beat)
    assert set(view) == {
        "beat",
        "at",
        "ledger",
        "notice",
        "track",
        "part",
        "steps",
        "stakeholder",
        "next",
        "content",
    }
    assert set(view["ledger"]) == {"id", "events", "head"}
    assert view["beat"] == view["at"] == ("reflect" if beat == "passed" else beat)


@pytest.mark.parametrize("beat", [beat for beat in JOURNEY if beat != "passed"])
def test_every_beat_has_its_content(seen, beat):
    assert set(seen(beat)["content"]) >= CONTENT[beat]


@pytest.mark.parametrize("beat", ["tracks", "story", "lock"])
def test_nothing_of_the_workbench_is_shown_before_the_lock(seen, beat):
    early, bench = seen(beat), seen("workbench")["content"]
    forbidden = (BENCH - {"kind"}) | {
        "bench",
        "dots",
        "terms",
        "peaks",
        "gap",
        "expression",
        "intensity",
    }
    assert not forbidden & set(keys(early))
    revealed = {value for value in numbers(bench) if value != round(value)}
    assert len(revealed) > 50
    assert not revealed & set(numbers(early))


@pytest.mark.parametrize("beat", ["tracks", "story", "lock"])
def test_the_answers_are_not_in_the_words_either(seen, beat, crisis):
    words = json.dumps(seen(beat), ensure_ascii=False)
    for fraction in (crisis.cache_share, crisis.mbu_raw, crisis.mbu_useful):
        assert f"{100 * float(fraction):.0f} %" not in words
    assert "17.1" not in words
    assert "expand_k" not in words
    assert "expand K" not in words
    assert "misconception" not in words


@pytest.mark.parametrize("beat", ["lock", "workbench", "reveal", "reflect", "ledger"])
def test_steps_say_where_the_learner_stands(seen, beat):
    steps = seen(beat)["steps"]
    assert [step["beat"] for step in steps] == [
        "story",
        "lock",
        "workbench",
        "reveal",
        "reflect",
        "ledger",
    ]
    here = [step["beat"] for step in steps].index(beat)
    assert [step["state"] for step in steps] == [
        "done" if i < here else "now" if i == here else "todo" for i in range(6)
    ]
    assert [step["open"] for step in steps] == [i <= here for i in range(6)]
    for step in steps:
        assert set(step) == {"beat", "title", "state", "note", "open"}


@pytest.mark.parametrize(
    ("beat", "message"),
    [
        ("tracks", None),
        ("story", "begin"),
        ("lock", None),
        ("workbench", "ready"),
        ("reveal", "proceed"),
        ("reflect", None),
        ("passed", "finish"),
        ("ledger", "advance"),
    ],
)
def test_there_is_one_next_action(seen, beat, message):
    following = seen(beat)["next"]
    if message is None:
        assert following is None
        return
    assert set(following) == {"lead", "label", "message"}
    assert following["message"] == {"type": message}


@pytest.mark.parametrize("beat", ["story", "workbench", "reveal", "passed", "ledger"])
def test_the_next_action_is_possible(at, seen, say, beat):
    message = seen(beat)["next"]["message"]
    assert say(at(beat), message["type"]).progress.at != at(beat).progress.at


def test_cards_of_the_four_tracks(seen):
    cards = seen("tracks")["content"]["tracks"]
    tracks = ["cloud-titan", "edge-guardian", "mobile-nomad", "tiny-pioneer"]
    assert [card["id"] for card in cards] == tracks
    assert all(card["open"] and card["parts"] for card in cards)
    assert len(cards) == 4
    assert all(set(card) == CARD for card in cards)


@pytest.mark.parametrize(("beat", "count"), [("lock", 2), ("reflect", 5)])
def test_questions_are_whole(seen, beat, count):
    questions = seen(beat)["content"]["questions"]
    assert len(questions) == count
    for question in questions:
        assert set(question) == QUESTION
        assert bool(question["options"]) == (question["kind"] == "choice")


def test_the_commitment_is_shown_and_kept(at, say, seen):
    from ironlaw.lab.view import view

    assert seen("lock")["content"]["committed"] is None
    back = view(say(at("workbench"), "visit", beat="lock"))
    assert back["content"]["committed"] == {"slope": "in_proportion", "share": 35.0}
    assert (back["beat"], back["at"], back["next"]) == ("lock", "workbench", None)
    assert "you said 35 %" in [step["note"] for step in back["steps"]]


def test_the_ledger_is_shown_whole_and_exported(seen):
    content = seen("ledger")["content"]
    assert content["verified"] is True
    assert len(content["events"]) == len(content["export"]["events"]) == 11
    for shown, kept in zip(content["events"], content["export"]["events"], strict=True):
        assert set(shown) == {"seq", "time", "kind", "summary", "hash"}
        assert kept["hash"].startswith(shown["hash"])
        assert shown["summary"]
    labels = {entry["label"] for entry in content["sections"][0]["summary"]}
    assert {"Attempts at the defence", "In your words"} <= labels


def test_a_tampered_ledger_is_shown_as_such(at):
    from dataclasses import replace

    from ironlaw.lab.ledger import Ledger
    from ironlaw.lab.progress import opened
    from ironlaw.lab.view import view

    events = list(at("ledger").ledger.events)
    events[2] = replace(events[2], payload={"answers": {"slope": "no", "share": 78.0}})
    shown = view(opened(Ledger("attempt", tuple(events)), notice="look at this"))
    assert shown["content"]["verified"] is False
    assert shown["notice"] == "look at this"


def test_verdicts_of_the_last_attempt_are_shown(at, say, right, seen):
    from ironlaw.lab.view import view

    assert seen("reflect")["content"]["verdicts"] is None
    wrong = view(say(at("reflect"), "reflect", answers={**right, "amplification": 8.0}))["content"]
    assert (wrong["attempts"], wrong["passed"]) == (1, False)
    assert set(wrong["verdicts"]) == set(right)
    assert not wrong["verdicts"]["amplification"]["right"]
    assert wrong["verdicts"]["mbu_raw"]["right"]
    for verdict in wrong["verdicts"].values():
        assert set(verdict) == {"right", "feedback", "answer"}
