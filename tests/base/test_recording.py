"""A tape does what the function did, digit for digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.number import ceil, clip, floor, maximum, minimum, square_root
from ironlaw.base.power import whole_power
from ironlaw.base.recording import Tape

COUNTS = st.integers(1, 2**40).map(float)


def formula(batch, context):
    """Every operation that a workload does with its sizes."""
    pairs = (batch + 2.0) * (3.0 * context) - batch / 7.0
    rest = 1.0 - whole_power(0.97, batch) + 5.0 / context + (10.0 - batch)
    held = clip(pairs, 1.0, maximum(batch, context)) + minimum(9.0, context)
    return ceil(pairs / 128.0) + floor(held) + square_root(context) + rest


def written_down():
    tape = Tape(2)
    return tape, tape.place(formula(*tape.inputs))


@given(batch=COUNTS, context=COUNTS)
def test_a_tape_has_the_digits_of_its_formula(batch, context):
    tape, place = written_down()
    assert tape.play(batch, context)[place] == formula(batch, context)


def test_a_tape_plays_arrays():
    np = pytest.importorskip("numpy")
    tape, place = written_down()
    batch, context = np.array([[1.0], [2.0], [300.0]]), np.array([[7.0, 8.0]])
    found = tape.play(batch, context)[place]
    alone = [[formula(float(b), float(s)) for s in context[0]] for b in batch[:, 0]]
    assert found.tolist() == alone


def test_what_is_written_down_twice_is_done_once():
    tape = Tape(1)
    (batch,) = tape.inputs
    once, again = batch * 2.0, batch * 2.0
    assert tape.place(once) == tape.place(again)
    assert tape.place(once) != tape.place(batch * 3.0)
    assert len(tape.play(1.0)) == len((batch, 2.0, once, 3.0, "batch * 3.0"))


def test_zeros_of_both_signs_are_two_constants():
    tape = Tape(1)
    assert tape.place(0.0) != tape.place(-0.0)


def test_a_constant_has_a_place_too():
    tape = Tape(1)
    place = tape.place(3.5)
    assert tape.play(1.0)[place] == 3.5


@pytest.mark.parametrize(
    "decide",
    [lambda x: 1 if x else 2, lambda x: x == 1.0, lambda x: x != 1.0, lambda x: x < 1.0],
)
def test_what_is_done_cannot_depend_on_a_recorded_number(decide):
    (batch,) = Tape(1).inputs
    with pytest.raises(TypeError, match=r"may not depend on it|not supported between"):
        decide(batch)
