"""Toggles, levels and phases: what they set, and what is refused without losing anything."""

from __future__ import annotations

import random

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.lab.fusion_knobs import PREFIX, chosen
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks.cloud_fusion import board_at, knobs_of_bench, start, turn
from ironlaw.rewrites.levels import FusionLevel


def fuse(name, value):
    return {PREFIX + name: value}


@pytest.mark.parametrize("phase", ["decode", "prefill"])
@pytest.mark.parametrize("level", FusionLevel)
def test_a_level_sets_every_fusion(phase, level):
    knobs = turn(start(), {"phase": phase, "level": level.value})
    board = board_at(phase, 16.0)
    assert board.closed(chosen(knobs)) == board.level(level)
    assert knobs["level"] == level.value


def test_the_bench_begins_at_the_crisis():
    assert start()["level"] == "partial"
    board = board_at("decode", 16.0)
    assert board.closed(chosen(start())) == board.level(FusionLevel.PARTIAL)


def test_a_toggle_makes_the_set_ones_own_and_back_again():
    own = turn(start(), fuse("attention", True))
    assert own["level"] == "own"
    assert chosen(own) == chosen(start()) | {"attention"}
    assert turn(own, fuse("attention", False)) == start()


def test_own_is_a_level_that_changes_nothing():
    own = turn(start(), {"level": "own"})
    assert chosen(own) == chosen(start())
    assert own["level"] == "own"
    assert turn(own, {"batch": 64.0})["level"] == "own"


def test_a_level_follows_the_phase_and_an_own_set_keeps_what_it_can():
    full = turn(start(), {"level": "full"})
    prefill = turn(full, {"phase": "prefill"})
    assert prefill["level"] == "full"
    assert "skip_masked" in chosen(prefill)
    own = turn(prefill, fuse("q_proj+k_proj+v_proj", False))
    assert own["level"] == "own"
    decode = turn(own, {"phase": "decode"})
    assert chosen(decode) == chosen(own) - {"skip_masked"}


@pytest.mark.parametrize(
    ("before", "change", "field", "reason"),
    [
        ({"level": "none"}, fuse("v_proj+cache_v", True), "v_proj+cache_v", "in place"),
        ({"level": "full"}, fuse("v_proj+cache_v", True), "v_proj+cache_v", "between tiles"),
        ({"level": "full"}, fuse("skip_masked", True), "skip_masked", "nothing to do"),
        ({"level": "full"}, fuse("rope_k", False), "rope_k", "follows from"),
        (
            {"level": "full", "phase": "prefill"},
            fuse("attention", False),
            "attention",
            "skip what the mask hides needs attention",
        ),
        (
            {"level": "none"},
            fuse("up_proj+multiply", True) | fuse("gate_proj+up_proj", True),
            "up_proj+multiply",
            "SiLU has to run in between",
        ),
    ],
)
def test_what_cannot_stand_is_refused_by_knob_and_reason(before, change, field, reason):
    knobs = turn(start(), before)
    kept = dict(knobs)
    with pytest.raises(RefusedError, match=reason) as error:
        turn(knobs, change)
    assert error.value.field == f"knobs.{PREFIX}{field}"
    assert knobs == kept


def test_a_knob_that_is_not_there_is_refused_as_such():
    with pytest.raises(DomainError, match="fuse:everything"):
        turn(start(), fuse("everything", True))
    with pytest.raises(DomainError, match="true or false"):
        turn(start(), {PREFIX + "attention": 1.0})


def test_whatever_is_turned_the_set_can_stand_and_its_level_is_its_name():
    rng = random.Random(5)  # noqa: S311  a walk to try, no secret
    knobs, refused = start(), 0
    names = [toggle.id for toggle in knobs_of_bench().fusions]
    for _ in range(60):
        change = {rng.choice(names): rng.random() < 0.5}
        if rng.random() < 0.1:
            change = {"phase": rng.choice(("decode", "prefill"))}
        elif rng.random() < 0.1:
            change = {"level": rng.choice(("none", "partial", "full"))}
        try:
            knobs = turn(knobs, change)
        except RefusedError:
            refused += 1
        board = board_at(knobs["phase"], 16.0)
        stands = chosen(knobs)
        assert board.refusal(stands) is None
        holds = board.closed(stands)
        levels = {level.value: board.level(level) for level in FusionLevel}
        assert levels.get(knobs["level"], holds) == holds
        assert not stands or any(name not in board.closed(stands - {name}) for name in stands)
    assert 2 < refused < 58


def test_a_whole_set_of_knobs_can_be_set_at_once():
    # what an undo sends
    full = turn(start(), {"level": "full", "batch": 64.0, "launch": "eager"})
    own = turn(full, fuse("attention", False))
    for target in (start(), full, own):
        for source in (start(), full, own):
            assert turn(source, dict(target)) == target


@pytest.mark.parametrize("phase", ["decode", "prefill"])
@pytest.mark.parametrize("level", FusionLevel)
def test_every_level_can_be_taken_apart_one_toggle_at_a_time(phase, level):
    knobs = turn(start(), {"phase": phase, "level": level.value})
    board = board_at(phase, 16.0)
    while chosen(knobs):
        cut = board.moved(chosen(knobs))
        for name in sorted(chosen(knobs)):
            try:
                following = turn(knobs, fuse(name, False))
            except RefusedError:
                continue
            break
        else:
            raise AssertionError(chosen(knobs))
        assert chosen(following) < chosen(knobs)
        assert board.moved(chosen(following)) != cut or name in board.in_place
        knobs = following
    assert knobs["level"] == "none"


def test_what_follows_from_others_is_on_and_turning_it_on_changes_nothing():
    full = turn(start(), {"level": "full"})
    assert "silu+multiply" not in chosen(full)
    assert "silu+multiply" in board_at("decode", 16.0).closed(chosen(full))
    assert turn(full, fuse("silu+multiply", True)) == full
    with pytest.raises(RefusedError, match="follows from gate projection \\+ SiLU and 1 more"):
        turn(full, fuse("silu+multiply", False))
