"""A shared expert beside the routed ones: what hides, what does not, and who may ask for it."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from ironlaw.system.table import kernel_rows

ASK = {"tp": 8, "context": 1024}


def asked(model="llama-4-scout", chip="h100-sxm", **ask):
    return scenario(model, chip, **{**ASK, **ask})


def both(**ask):
    return tuple(diagnose(asked(shared=where, **ask)) for where in ("beside", "after"))


def shared_time(found):
    names = ("feed-forward up", "feed-forward down", "activation")
    return sum(
        float(launch.time)
        for launch in found.launches
        if launch.cost.kernel.border.layer in names and "expert" in launch.block
    )


def test_at_one_token_the_shared_expert_hides_whole():
    beside, after = both()
    assert after.step - beside.step == pytest.approx(shared_time(after), rel=1e-9)


@pytest.mark.parametrize("model", ["llama-4-scout", "deepseek-v3"])
@pytest.mark.parametrize("batch", [1, 16, 256, 4096])
@pytest.mark.parametrize("phase", ["decode", "prefill"])
def test_bytes_and_flops_never_overlap(model, batch, phase):
    beside, after = both(model=model, chip="h200-sxm", batch=batch, phase=phase)
    assert beside.step < after.step
    saved = after.step - beside.step
    assert saved <= shared_time(after) * (1 + 1e-9)
    for one, other in zip(beside.launches, after.launches, strict=True):
        terms, before = one.cost.terms, other.cost.terms
        assert (terms.compute, terms.memory, terms.serial) == (
            before.compute,
            before.memory,
            before.serial,
        )
        assert 0.0 <= terms.latency <= before.latency
        assert terms.total >= max(one.cost.ideal.memory, one.cost.ideal.compute) * (1 - 1e-9)
    assert (beside.traffic, beside.flops) == (after.traffic, after.flops)


def test_the_kernel_table_adds_up():
    found, _ = both(batch=8)
    assert sum(row.time for row in kernel_rows(found)) == pytest.approx(float(found.step), rel=1e-9)


def test_a_crowd_hides_no_more_than_the_latency_of_the_call():
    beside, after = both(batch=4096)
    call = next(one.cost for one in after.launches if one.cost.kernel.name == "experts")
    assert after.step - beside.step < 48 * float(call.terms.latency)


def test_it_is_usual_in_a_captured_graph_and_said():
    usual, after = asked(), asked(shared="after")
    assert usual.shared_beside
    assert any("second stream" in note for note in usual.notes)
    assert not after.shared_beside
    assert not any("second stream" in note for note in after.notes)
    for other in ({"fusion": "none"}, {"launch": "stream"}, {"fusions": ()}):
        assert not asked(**other).shared_beside


@pytest.mark.parametrize("model", ["llama-3-8b", "mixtral-8x7b", "qwen3-30b-a3b"])
def test_without_shared_experts_nothing_is_different(model):
    assert not asked(model, tp=2).shared_beside


def test_a_twin_may_have_one():
    twin = {"experts": 8, "top_k": 1, "d_expert": 4096, "d_shared": 4096}
    beside, after = both(model="llama-3-8b", tp=1, **twin)
    assert beside.step < after.step


def test_by_the_roofline_alone_a_launch_hides():
    beside, after = (diagnose(asked(chip="a10g", tp=1, shared=one)) for one in ("beside", "after"))
    assert after.step - beside.step == pytest.approx(48 * 2e-6, rel=1e-6)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        ({"shared": "both"}, "shared = 'both' is outside the choices beside, after"),
        ({"shared": "beside", "launch": "stream"}, "only a captured graph"),
        ({"shared": "beside", "fusions": ()}, "only a captured graph"),
        ({"shared": "after", "model": "mixtral-8x7b"}, "mixtral-8x7b has none"),
    ],
)
def test_what_cannot_be_is_refused(ask, message):
    with pytest.raises(DomainError, match=message):
        asked(**ask)
