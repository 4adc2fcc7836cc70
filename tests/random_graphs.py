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


@st.composite
def mixed_graphs(draw):
    """A random graph in two formats: operators on either, and casts from one to the other."""
    make, count = Builder(), draw(st.sampled_from((8.0, 4096.0)))
    wide = {"x": False, "y": draw(st.booleans())}
    bytes_of = {False: 2.0 * count, True: 4.0 * count}
    for name, is_wide in wide.items():
        make.tensor(name, bytes_of[is_wide], wide=is_wide)
    for index in range(draw(st.integers(2, 9))):
        kinds = (OpKind.POINTWISE, OpKind.REDUCTION, OpKind.COPY, OpKind.COPY)
        kind = draw(st.sampled_from(kinds))
        most = 1 if kind is OpKind.COPY else 3
        sources = draw(
            st.lists(st.sampled_from(list(wide)), min_size=1, max_size=most, unique=True)
        )
        target, is_wide = f"t{index}", draw(st.booleans())
        role = draw(st.sampled_from((Role.ACTIVATION, Role.SCORES, Role.KV_CACHE)))
        make.tensor(target, bytes_of[is_wide], role, wide=is_wide)
        reads = {name: bytes_of[wide[name]] for name in sources}
        work = 0.0 if kind is OpKind.COPY else count
        make.operator(f"op{index}", kind, "l", reads, {target: bytes_of[is_wide]}, work)
        wide[target] = is_wide
    made = [name for name in wide if name.startswith("t")]
    return make.graph({made[-1], *draw(st.lists(st.sampled_from(made), max_size=2, unique=True))})
