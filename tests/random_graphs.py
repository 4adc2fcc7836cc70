"""Random graphs for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import GemmShape, OpKind, Role


@st.composite
def graphs(draw):
    """A random graph of GEMMs, pointwise operators, copies and reductions over tensors with several readers."""
    make, size = Builder(), draw(st.sampled_from((8.0, 4096.0, 1e6)))
    make.tensor("x", size)
    made = ["x"]
    for index in range(draw(st.integers(2, 7))):
        kinds = (OpKind.GEMM, OpKind.POINTWISE, OpKind.POINTWISE, OpKind.COPY, OpKind.REDUCTION)
        kind = draw(st.sampled_from(kinds))
        sources = draw(st.lists(st.sampled_from(made), min_size=1, max_size=2, unique=True))
        reads, shape = dict.fromkeys(sources, size), None
        if kind is OpKind.GEMM:
            make.tensor(f"op{index}.weight", 64.0, Role.WEIGHT)
            reads = {sources[0]: size, f"op{index}.weight": 64.0}
            shape = GemmShape(16.0, 16.0, 16.0)
        make.tensor(f"t{index}", size)
        work = 0.0 if kind is OpKind.COPY else size
        make.operator(f"op{index}", kind, "l", reads, {f"t{index}": size}, work, shape)
        made.append(f"t{index}")
    return make.graph(["t0", made[-1]] if draw(st.booleans()) else [made[-1]])
