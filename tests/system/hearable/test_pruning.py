"""Zeros in the weights: what they save in lines, and that it is next to nothing until a line holds nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.cache.layout import Walk
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import PACKED, frame
from ironlaw.system.hearable.machine import machine
from ironlaw.system.hearable.pruning import Pruned

BLOCKS = st.sampled_from([1, 4, 8, 16, 32])


def at(pruned=None, hidden=96, name="esp32", **layout):
    return frame(enhancer(hidden), replace(PACKED, pruned=pruned, **layout), machine(name))


def test_half_of_the_weights_wherever_they_are_leave_every_line():
    plain, found = at(), at(Pruned(zeros=0.5))
    assert found.outside / plain.outside == pytest.approx(1.0 - 0.5**32, rel=1e-12)
    assert found.flops / plain.flops == pytest.approx(1.0 - 0.5**32, rel=1e-12)


def test_half_of_the_lines_leave_half():
    plain, found = at(), at(Pruned(zeros=0.5, block=32))
    assert found.outside == pytest.approx(plain.outside / 2.0)
    assert found.compute == pytest.approx(plain.compute / 2.0)


@settings(deadline=None, max_examples=50)
@given(st.floats(0.0, 0.99), BLOCKS)
def test_zeros_never_add_lines_and_larger_blocks_never_lose(zeros, block):
    plain, found = at(), at(Pruned(zeros=zeros, block=block))
    larger = at(Pruned(zeros=zeros, block=2 * block))
    assert larger.outside <= found.outside <= plain.outside
    assert found.outside >= plain.outside * (1.0 - zeros) * (1.0 - 1e-12)
    assert found.again <= plain.again


@settings(deadline=None, max_examples=50)
@given(st.floats(0.0, 0.9), st.floats(0.0, 0.09), BLOCKS)
def test_more_zeros_never_cost(zeros, more, block):
    assert (
        at(Pruned(zeros=zeros + more, block=block)).time
        <= at(Pruned(zeros=zeros, block=block)).time
    )


def test_the_index_takes_sram_and_is_read():
    plain, found = at(), at(Pruned(zeros=0.0))
    lines = plain.outside / 32
    assert found.sram_used == pytest.approx(plain.sram_used + lines / 8.0, abs=1.0)
    assert found.outside == plain.outside
    assert found.memory > plain.memory


def test_blocks_that_begin_with_a_row_need_rows_of_whole_lines():
    line, row = (Pruned(zeros=0.5, block=32, by_row=by_row) for by_row in (False, True))
    padded = Walk(row_multiple=32)
    assert at(row, 148).flops > 1.3 * at(line, 148).flops
    assert at(row, 148, walk=padded).flops < 1.1 * at(line, 148, walk=padded).flops
    assert at(row, 96).flops == pytest.approx(at(line, 96).flops)


def test_nothing_pruned_is_the_frame_as_it_was():
    assert at(None).time == at().time
    assert all(piece.kept == 1.0 and piece.index == 0.0 for piece in at().pieces)


def test_a_shorter_line_is_empty_more_often():
    esp, nrf = (at(Pruned(zeros=0.5, block=16), name=name) for name in ("esp32", "nrf52840"))
    assert nrf.flops < esp.flops


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"zeros": 1.0}, "zeros"),
        ({"zeros": -0.1}, "zeros"),
        ({"zeros": float("nan")}, "zeros"),
        ({"zeros": 0.5, "block": 0}, "block"),
    ],
)
def test_what_is_no_pruning_is_refused(fields, named):
    with pytest.raises(DomainError, match=named):
        Pruned(**fields)
