"""What fusing a layer with its activation reduces: the first question of every Part 2, and a layer that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.instruments.scale import with_prefix
from ironlaw.lab.questions import Option, Question
from ironlaw.workload.kernels import kernels

if TYPE_CHECKING:
    from ironlaw.system.fusion_board import Board

CORRECT = "traffic"

REDUCES = Question(
    id="reduces",
    kind="choice",
    text="Does fusing Linear + ReLU reduce the total number of operations (O) or the total data moved (D_vol)?",
    options=(
        Option("operations", "The operations O: one kernel has less to do than two"),
        Option("traffic", "The data moved D_vol, and the operations stay"),
        Option("both", "Both: what is fused computes less and moves less"),
        Option("neither", "Neither: it only saves the launch of a kernel"),
    ),
)

MISCONCEPTIONS: dict[str, str | None] = {
    "operations": "The smaller program: as if fewer kernels meant less arithmetic",
    "traffic": None,
    "both": "The free lunch: as if saving bytes saved the work on them",
    "neither": "The launch counter: as if a kernel's only cost were to start it",
}


class Pair(NamedTuple):
    """A linear layer and its ReLU, apart and as one kernel: work [FLOP], bytes [B] and launches of one pass."""

    where: str
    flops_apart: float
    flops_together: float
    traffic_apart: float
    traffic_together: float
    kernels_apart: int
    kernels_together: int


def pair_of(board: Board, where: str, *names: str) -> Pair:
    """A layer and its activation, apart and as one kernel.

    Args:
        board: The legal fusions of the step in which they stand.
        where: It in words.
        *names: The fusions that make them one.
    """
    members = {m for c in board.choices if c.name in names for m in c.members}
    apart, together = (_of_pair(board, frozenset(s), members) for s in ((), names))
    return Pair(where, apart[0], together[0], apart[1], together[1], apart[2], together[2])


def _of_pair(board: Board, names: frozenset[str], members: set[str]) -> tuple[float, float, int]:
    """Work, bytes and launches of one pass through the pair under a set."""
    found = [
        kernel
        for block in board.cut(names)
        for kernel in kernels(block.graph)
        if not members.isdisjoint(kernel.border.members)
    ]
    flops = float(summed(kernel.flops for kernel in found))
    return flops, float(summed(kernel.traffic for kernel in found)), len(found)


def pair_feedback(option: str, pair: Pair) -> str:
    """Feedback on the choice, written for that answer.

    Args:
        option: The option.
        pair: A linear layer with its ReLU.
    """
    saved = pair.traffic_apart - pair.traffic_together
    facts = (
        f"{pair.where}, apart and fused: {with_prefix(pair.flops_apart, 'FLOP')} and "
        f"{with_prefix(pair.flops_together, 'FLOP')} of work, {with_prefix(pair.traffic_apart, 'B')} and "
        f"{with_prefix(pair.traffic_together, 'B')} moved, {pair.kernels_apart} launches and {pair.kernels_together}."
    )
    match option:
        case "operations":
            return (
                "The ReLU still looks at every element, and the matrix product is what it was: a fused kernel does the "
                f"same operations one after the other, on a tile that is still on the chip. {facts}"
            )
        case "both":
            return (
                "Half of it. The bytes fall because the result between the two is not written and read again; no "
                f"operation falls with them, since each was needed and still is. {facts}"
            )
        case "neither":
            return (
                f"One launch is saved, and more than that: the result between the two never goes to memory, "
                f"{with_prefix(saved, 'B')} that are neither written nor read. {facts}"
            )
        case _:
            return (
                f"Right: the same operations, and {with_prefix(saved, 'B')} less to move. {facts}"
            )
