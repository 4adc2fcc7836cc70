"""The fitter on rows made by the forms themselves: it finds what made them, and its ranges hold what they say."""

from __future__ import annotations

import numpy as np
import pytest

from fitting import residuals, write
from fitting.forms import clock, collective, decode, gemm
from fitting.solve import fit, predicted
from fitting.tables import Cell, cells
from ironlaw.registry.calibration import load_calibration

H100 = load_calibration("h100-sxm").reference


def cell(family, key, rows, seen=0.8):
    n = len(rows)
    return Cell(
        family=family,
        key=key,
        rows=[{name: str(value) for name, value in row.items()} for row in rows],
        times=np.ones(n),
        left_out=np.arange(n) >= seen * n,
        fold=np.arange(n) % 5,
    )


def made_by(problem, constants, cell_of_rows):
    """The problem with the times that the constants give."""
    cell_of_rows.times[:] = predicted(problem, constants)
    return problem


def test_a_collective_is_found_again_on_messages_that_it_has_not_seen():
    rows = [{"n_gpus": n, "bytes": 2**k} for k in range(8, 30) for n in (2, 4, 8)]
    rows = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    made = cell("allreduce", ("h100_sxm", "all_reduce", "nccl"), rows)
    problem = collective(made, H100)
    truth = problem.starts[0] | {
        "e": 0.6,
        "a": 5e-6,
        "an": 1.2e-6,
        "el": 0.04,
        "em": 0.25,
        "am": 3e-6,
    }
    made_by(problem, truth, made)
    found = fit(problem, ~made.left_out)
    error = np.abs(predicted(problem, found) / made.times - 1.0)[made.left_out]
    assert np.median(error) < 0.02
    assert np.max(error) < 0.2


def test_a_gemm_is_found_again():
    chance = np.random.default_rng(2)
    sizes = [int(2**x) for x in chance.uniform(0, 14, 400)]
    rows = [
        {"m": sizes[i], "n": 32 * sizes[(i + 7) % 400] // 8 + 32, "k": 64 + sizes[(i + 31) % 400]}
        for i in range(0, 400, 3)
    ]
    made = cell("gemm", ("h100_sxm", "bfloat16"), rows)
    problem = gemm(made, H100)
    made_by(problem, problem.starts[0] | {"ef": 0.8, "eb": 0.88, "t0": 3e-6, "cw": 1.2}, made)
    found = fit(problem, ~made.left_out)
    error = np.abs(predicted(problem, found) / made.times - 1.0)[made.left_out]
    assert np.median(error) < 0.01


def test_decode_attention_knows_its_head_widths_and_its_fallback():
    rows = [
        {"batch": b, "kv_len": s, "heads_q": q, "heads_kv": kv, "head_dim": d, "window": 0, "kv_dtype": "bfloat16"}
        for b in (1, 16)
        for s in (128, 4096)
        for q, kv, d in ((32, 8, 64), (32, 8, 128), (32, 1, 128))
    ]  # fmt: skip
    problem = decode(cell("attention_decode", ("h100_sxm", "bfloat16"), rows), H100)
    assert {"t0@64", "t0@128", "t0@0"} <= set(problem.free)
    assert "t0@256" not in problem.free
    slower = predicted(problem, problem.starts[0] | {"t0@0": 1.0})
    assert [time > 1.0 for time in slower] == [row["heads_kv"] == 1 for row in rows]


def test_a_range_holds_four_fifths_of_values_to_come():
    chance = np.random.default_rng(3)
    held = []
    for _ in range(300):
        values = np.exp(chance.normal(0.0, 0.1, 50)).tolist()
        text = residuals.span("x", values)
        low, high = (
            float(line.split("value = ")[1].split(",")[0]) for line in text.splitlines()[-2:]
        )
        fresh = np.exp(chance.normal(0.0, 0.1, 200))
        held.append(np.mean((fresh >= low) & (fresh <= high)))
    assert np.mean(held) == pytest.approx(0.8, abs=0.03)


def test_constants_of_a_width_stand_in_a_table_of_their_own():
    lines = write.table("decode.bf16", "here", {"eb": 0.9, "t0@64": 1e-6, "t0@0": 2e-6})
    assert "[decode.bf16.width.64]" in lines
    assert "[decode.bf16.fallback]" in lines
    assert 't0 = { value = 1e-06, unit = "s" }' in lines


def test_a_clock_is_found_where_it_shows():
    chance = np.random.default_rng(4)
    times = chance.uniform(2e-6, 8e-6, 500)
    assert clock(times) == (0.0, 0.0)
    tick, phase = clock(np.round((times - 0.1e-6) / 0.4096e-6) * 0.4096e-6 + 0.1e-6)
    assert (tick, phase) == pytest.approx((0.4096e-6, 0.1e-6))
    assert clock(np.ones(3)) == (0.0, 0.0)


def test_a_cell_is_replaced_and_its_neighbours_stay():
    text = 'kind = "x"\n\n[a.bf16]\nt = 1\n\n[a.bf16.width.64]\nt = 2\n\n[a.bf16x]\nt = 3\n'
    found = write.replaced(text, "a.bf16", "\n[a.bf16]\nt = 9\n")
    assert found == 'kind = "x"\n\n[a.bf16]\nt = 9\n\n[a.bf16x]\nt = 3\n'
    assert write.replaced("x = 1\n", "b", "[b]\ny = 1") == "x = 1\n\n[b]\ny = 1\n"


def test_a_folder_without_a_table_has_no_cells(tmp_path):
    assert cells(tmp_path, "gemm") == {}
