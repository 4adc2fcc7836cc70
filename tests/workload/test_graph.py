"""Graphs and their cuts: what may run, and in which order."""

from __future__ import annotations

import pytest

from ironlaw.workload.graph import (
    GraphError,
    Group,
    Operator,
    OpKind,
    Tensor,
    regrouped,
    separate,
    structure,
)


def point(name: str, reads: tuple[str, ...], write: str) -> Operator:
    return Operator(name, OpKind.POINTWISE, "layer", dict.fromkeys(reads, 8.0), {write: 8.0}, 4.0)


def chain(size: float = 8.0):
    """in → first → a → second → b → third → out."""
    operators = [
        point("first", ("in",), "a"),
        point("second", ("a",), "b"),
        point("third", ("b",), "out"),
    ]
    return separate(operators, [Tensor(n, size) for n in ("in", "a", "b", "out")], ["out"])


def test_separate_makes_each_operator_a_kernel():
    assert [group.members for group in chain().groups] == [("first",), ("second",), ("third",)]


def test_an_undescribed_tensor_is_refused():
    with pytest.raises(GraphError, match="operator first uses the unknown tensor a"):
        separate([point("first", ("in",), "a")], [Tensor("in", 8.0)], ["a"])


@pytest.mark.parametrize(
    "cut",
    [
        [("first", "second")],
        [("first", "second"), ("second", "third")],
        [("first",), ("second",), ("third",), ("fourth",)],
    ],
    ids=["missing", "doubled", "unknown"],
)
def test_a_cut_holds_each_operator_once(cut):
    with pytest.raises(GraphError, match="does not hold each operator exactly once"):
        regrouped(chain(), [Group("+".join(members), members) for members in cut])


def test_a_cut_runs_producers_first():
    with pytest.raises(GraphError, match="first, which it reads"):
        regrouped(chain(), [Group(n, (n,)) for n in ("second", "first", "third")])


def test_a_kernel_that_another_has_to_interrupt_is_refused():
    with pytest.raises(GraphError, match="would run before"):
        regrouped(chain(), [Group("ends", ("first", "third")), Group("second", ("second",))])


def test_a_new_cut_forgets_what_crossed_the_old_borders():
    assert regrouped(chain(), chain().groups).borders is None


def test_structure_does_not_know_sizes_but_outputs():
    assert structure(chain(8.0)) == structure(chain(16.0))
    tensors = [Tensor(n, 8.0) for n in ("in", "a", "b", "out")]
    more = separate(chain().operators.values(), tensors, ["out", "a"])
    assert structure(chain()) != structure(more)
