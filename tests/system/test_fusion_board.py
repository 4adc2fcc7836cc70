"""Which sets of fusions can stand together, and what each takes off."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from ironlaw.base.errors import ModelError
from ironlaw.base.number import summed
from ironlaw.registry.models import model_names
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.fusion_board import board_of
from ironlaw.system.fusion_set import step_with
from ironlaw.system.question import scenario
from ironlaw.workload.graph import Role
from ironlaw.workload.kernels import kernels

EMPTY = frozenset()


def asked(phase="decode", batch=16, context=8192, **ask):
    sizes = {"batch": batch, "context": context, "tp": 8}
    return scenario("llama-3-70b", "h100-sxm", phase=phase, **sizes, **ask)


@pytest.fixture(scope="module")
def boards():
    return {phase: board_of(asked(phase)) for phase in ("decode", "prefill")}


def random_sets(board, count, seed):
    rng = random.Random(seed)  # noqa: S311  sets to try, no secret
    for _ in range(count):
        wished = [name for name in board.names if rng.random() < rng.choice((0.2, 0.5, 0.9))]
        yield frozenset(wished)


@pytest.mark.parametrize("phase", ["decode", "prefill"])
def test_a_set_is_refused_exactly_when_the_step_refuses_it(boards, phase):
    board, question = boards[phase], asked(phase)
    refused = 0
    for names in random_sets(board, 50, 7):
        problem = board.refusal(names)
        if problem is None:
            assert cut(board.cut(names)) == cut(step_with(question, names))
        else:
            refused += 1
            with pytest.raises(ModelError):
                step_with(question, names)
    assert 5 < refused < 45


def cut(blocks):
    return [[group.members for group in block.graph.groups] for block in blocks]


@pytest.mark.parametrize("phase", ["decode", "prefill"])
@pytest.mark.parametrize("level", FusionLevel)
def test_a_level_is_a_set_with_the_levels_own_kernels(boards, phase, level):
    board = boards[phase]
    names = board.level(level)
    assert board.refusal(names) is None
    at = diagnose(asked(phase, fusion=level.value))
    moved = board.moved(names)
    assert (moved.traffic, moved.flops) == (float(at.traffic), float(at.flops))
    assert moved.kernels == at.n_kernels
    assert board.closed(names) == names


@pytest.mark.parametrize("phase", ["decode", "prefill"])
@pytest.mark.parametrize("model", model_names())
def test_levels_of_every_model_can_stand(model, phase):
    question = scenario(model, "h100-sxm", phase=phase, context=2048)
    board = board_of(question)
    for level in FusionLevel:
        assert board.refusal(board.level(level)) is None
        at = diagnose(replace(question, level=level))
        assert board.moved(board.level(level)).kernels == at.n_kernels


@pytest.mark.parametrize("phase", ["decode", "prefill"])
def test_a_set_built_up_adds_up_to_the_last_byte(boards, phase):
    board = boards[phase]
    before = board.moved(EMPTY)
    standing = [names for names in random_sets(board, 60, 3) if board.refusal(names) is None]
    assert len(standing) > 10
    for names in [*standing, *(board.level(level) for level in FusionLevel)]:
        steps = board.steps(names)
        last, changes = before, []
        for step in steps:
            changes.append(step.after.traffic - last.traffic)
            assert step.after.traffic <= last.traffic
            assert step.after != last
            last = step.after
        assert last == board.moved(names)
        assert summed([before.traffic, *changes]) == last.traffic
        taken = [name for step in steps for name in step.names]
        assert len(taken) == len(set(taken))
        assert set(taken) <= names


def test_steps_follow_the_order_of_the_graph_where_they_can(boards):
    board = boards["decode"]
    taken = [name for step in board.steps(board.level(FusionLevel.FULL)) for name in step.names]
    places = [board.names.index(name) for name in taken]
    assert places == sorted(places)


def test_a_fusion_never_moves_the_operations_of_decode(boards):
    board = boards["decode"]
    work = board.moved(EMPTY).flops
    for names in random_sets(board, 80, 11):
        if board.refusal(names) is None:
            assert board.moved(names).flops == work


def test_in_prefill_only_skipping_the_mask_moves_the_operations(boards):
    board = boards["prefill"]
    work = board.moved(EMPTY).flops
    for names in random_sets(board, 80, 13):
        if board.refusal(names) is None:
            assert (board.moved(names).flops == work) == ("skip_masked" not in names)


def test_refusals_say_why(boards):
    decode, prefill = boards["decode"], boards["prefill"]
    assert prefill.refusal(frozenset({"skip_masked"})) == ("needs", "skip_masked", "attention", "")
    assert decode.refusal(frozenset({"v_proj+cache_v"})) == (
        "needs",
        "v_proj+cache_v",
        "static_cache",
        "",
    )
    assert decode.refusal(frozenset({"skip_masked"})) == ("absent", "skip_masked", "", "")
    gate = frozenset({"gate_proj+up_proj", "up_proj+multiply"})
    assert decode.refusal(gate) == (
        *("kernel", "gate_proj", "multiply"),
        "silu has to run in between",
    )
    qkv = decode.level(FusionLevel.FULL) | {"v_proj+cache_v"}
    assert "moves elements between tiles" in decode.refusal(qkv).problem


def test_closing_a_set_changes_no_kernel(boards):
    board = boards["decode"]
    for names in random_sets(board, 60, 5):
        if board.refusal(names) is None:
            closed = board.closed(names)
            assert closed >= names
            assert board.refusal(closed) is None
            assert cut(board.cut(closed)) == cut(board.cut(names))


@pytest.mark.parametrize("batch", [1.0, 256.0])
@pytest.mark.parametrize("phase", ["decode", "prefill"])
def test_what_is_legal_does_not_depend_on_the_batch(boards, phase, batch):
    other = board_of(asked(phase, batch=batch))
    assert other.names == boards[phase].names
    for names in random_sets(other, 30, 17):
        assert other.refusal(names) == boards[phase].refusal(names)


def test_what_a_set_moves_is_what_its_kernels_move(boards):
    board = boards["decode"]
    names = board.level(FusionLevel.PARTIAL)
    blocks = board.cut(names)
    total = sum(k.traffic * block.count for block in blocks for k in kernels(block.graph))
    assert board.moved(names).traffic == pytest.approx(float(total), rel=1e-12)


@pytest.mark.parametrize("level", FusionLevel)
@pytest.mark.parametrize("phase", ["decode", "prefill"])
def test_bytes_by_role_are_all_the_bytes(boards, phase, level):
    board = boards[phase]
    names = board.level(level)
    total = sum(board.by_role(names).values())
    assert total == pytest.approx(board.moved(names).traffic, rel=1e-12)


def test_one_kernel_of_attention_spares_copies_in_decode_and_scores_in_prefill(boards):
    for phase, most in (("decode", Role.KV_COPY), ("prefill", Role.SCORES)):
        plain, fused = (boards[phase].by_role(names) for names in (EMPTY, frozenset({"attention"})))
        saved = {role: plain[role] - fused.get(role, 0.0) for role in plain}
        assert max(saved, key=lambda role: saved[role]) is most
        assert fused.get(Role.SCORES, 0.0) == fused.get(Role.KV_COPY, 0.0) == 0.0


@pytest.mark.parametrize("phase", ["decode", "prefill"])
def test_a_lean_set_makes_the_same_cut_and_can_always_lose_one(boards, phase):
    board = boards[phase]
    standing = [names for names in random_sets(board, 60, 19) if board.refusal(names) is None]
    for names in [*standing, *(board.level(level) for level in FusionLevel)]:
        lean = board.lean(names)
        assert lean <= names
        assert cut(board.cut(lean)) == cut(board.cut(names))
        assert board.closed(lean) == board.closed(names)
        assert board.lean(lean) == lean
        assert not lean or any(name not in board.closed(lean - {name}) for name in lean)
