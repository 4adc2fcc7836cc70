"""The ledger: sealed event by event, and broken by any change."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.lab.ledger import Event, Ledger, appended, is_intact, seal_of

LAW = settings(deadline=None, derandomize=True, max_examples=60)
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
LEAVES = st.none() | st.booleans() | st.integers(-99, 99) | st.floats(-1e9, 1e9) | WORDS
PAYLOADS = st.dictionaries(WORDS, LEAVES | st.dictionaries(WORDS, LEAVES, max_size=2), max_size=3)
KINDS = st.sampled_from(["start", "read", "predict", "lock", "act", "reveal", "reflect", "decide"])


@st.composite
def ledgers(draw):
    ledger = Ledger("attempt")
    entries = st.tuples(KINDS, PAYLOADS, st.floats(0, 2e9))
    for kind, payload, time in draw(st.lists(entries, min_size=1, max_size=6)):
        ledger = appended(ledger, kind, payload, time)
    return ledger


def with_event(ledger: Ledger, place: int, **changes) -> Ledger:
    events = list(ledger.events)
    events[place] = replace(events[place], **changes)
    return Ledger(ledger.id, tuple(events))


@given(ledgers())
@LAW
def test_what_was_appended_is_intact(ledger):
    assert is_intact(ledger)
    assert [event.seq for event in ledger.events] == list(range(1, len(ledger.events) + 1))
    assert ledger.head == ledger.events[-1].seal


@given(ledgers(), st.data())
@LAW
def test_any_changed_field_breaks_it(ledger, data):
    place = data.draw(st.integers(0, len(ledger.events) - 1))
    old = ledger.events[place]
    change = data.draw(
        st.one_of(
            st.integers(0, 99).map(lambda value: {"seq": value}),
            st.floats(0, 2e9).map(lambda value: {"time": value}),
            KINDS.map(lambda value: {"kind": value}),
            PAYLOADS.map(lambda value: {"payload": value}),
            st.just({"previous": "f" * 64}),
            st.just({"seal": "f" * 64}),
        )
    )
    changed = replace(old, **change)
    same = json.dumps(changed.to_dict(), sort_keys=True) == json.dumps(
        old.to_dict(), sort_keys=True
    )
    assert is_intact(with_event(ledger, place, **change)) == same


@given(PAYLOADS, st.data())
@LAW
def test_any_changed_character_of_a_stored_payload_breaks_it(payload, data):
    ledger = appended(Ledger("attempt"), "act", payload, 0.0)
    text = json.dumps(payload, ensure_ascii=False)
    where = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(codec="ascii", exclude_characters=text[where]))
    try:
        changed = json.loads(text[:where] + letter + text[where + 1 :])
    except json.JSONDecodeError:
        return
    same = json.dumps(changed, sort_keys=True) == json.dumps(payload, sort_keys=True)
    assert is_intact(with_event(ledger, 0, payload=changed)) == same


def test_a_payload_that_no_text_can_hold_is_broken_and_not_a_crash():
    # half of a surrogate pair: JSON can carry it, UTF-8 cannot
    ledger = appended(Ledger("attempt"), "act", {"sentence": "x"}, 0.0)
    assert not is_intact(with_event(ledger, 0, payload=json.loads(r'{"sentence": "\ud800"}')))


@given(ledgers(), st.data())
@LAW
def test_an_event_left_out_or_swapped_breaks_it(ledger, data):
    events = ledger.events
    if len(events) < 2:
        return
    place = data.draw(st.integers(0, len(events) - 2))
    assert not is_intact(Ledger("attempt", events[:place] + events[place + 1 :]))
    swapped = (*events[:place], events[place + 1], events[place], *events[place + 2 :])
    assert not is_intact(Ledger("attempt", swapped))


def test_an_event_sealed_anew_does_not_fit_the_next_one():
    ledger = appended(appended(Ledger("a"), "predict", {"share": 35.0}, 1.0), "lock", {}, 2.0)
    forged = {"share": 78.0}
    seal = seal_of(1, 1.0, "predict", forged, "0" * 64)
    assert not is_intact(with_event(ledger, 0, payload=forged, seal=seal))


def test_a_seal_by_hand():
    text = '[2,1.5,"act",{"knobs":{"batch":16.0}},"' + "a" * 64 + '"]'
    expected = sha256(text.encode()).hexdigest()
    assert seal_of(2, 1.5, "act", {"knobs": {"batch": 16.0}}, "a" * 64) == expected


def test_the_order_of_keys_does_not_matter():
    assert seal_of(1, 0.0, "act", {"a": 1, "b": 2}, "") == seal_of(
        1, 0.0, "act", {"b": 2, "a": 1}, ""
    )


def test_appending_leaves_the_old_ledger_alone():
    old = appended(Ledger("attempt"), "start", {}, 0.0)
    new = appended(old, "read", {}, 1.0)
    assert (len(old.events), len(new.events)) == (1, 2)
    assert new.events[1].previous == old.head


def test_an_empty_ledger_is_intact():
    assert is_intact(Ledger("attempt"))
    assert Ledger("attempt").head == "0" * 64


def test_an_event_as_plain_data():
    event = Event(seq=1, time=2.0, kind="lock", payload={}, previous="p", seal="s")
    assert event.to_dict() == {
        "seq": 1,
        "time": 2.0,
        "kind": "lock",
        "payload": {},
        "previous": "p",
        "hash": "s",
    }
