"""The report of a diagnosis as plain data, in SI units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.plain import plain_fields
from ironlaw.cost.tiling import tile_text
from ironlaw.faces import algorithm, text
from ironlaw.faces.energy import energy_data, kernel_energy_data
from ironlaw.faces.experts import expert_data
from ironlaw.faces.sparsity import sparsity_data
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from ironlaw.faces.api import Report
    from ironlaw.system.diagnosis import Diagnosis
    from ironlaw.system.table import KernelRow
    from ironlaw.system.tilings import PlannedGemm


def report_data(report: Report) -> dict[str, object]:
    """The report as plain data.

    Args:
        report: A report.
    """
    diagnosis = report.diagnosis
    return {
        "verdict": text.verdict(report),
        **_question_data(diagnosis),
        **_memory_data(report),
        "step_s": report.step,
        "step_low_s": report.interval.low,
        "step_high_s": report.interval.high,
        f"{report.items}_per_s": report.items_per_s,
        "mfu": report.mfu,
        "mbu_raw": report.mbu_raw,
        "mbu_useful": report.mbu_useful,
        **_cache_data(report),
        "flops": float(diagnosis.flops),
        "traffic_B": float(diagnosis.traffic),
        "n_kernels": diagnosis.n_kernels,
        "overhead_share": float(diagnosis.overhead_share),
        "terms_s": plain_fields(report.terms),
        **energy_data(report.energy, report.energy_missing, diagnosis.scenario.chip, report.items),
        "changes": [
            {"name": c.name, "factor": c.factor, "step_s": c.step, "speedup": c.speedup}
            for c in report.changes
        ],
        "notes": list(report.notes),
        "kernels": [
            {**_kernel_data(row), **kernel_energy_data(report.energy, place)}
            for place, row in enumerate(report.kernels)
        ],
        "tiling": [_tiling_data(planned) for planned in report.plans],
        **_algorithm_data(report),
    }


def _algorithm_data(report: Report) -> dict[str, object]:
    """Sparsity and experts of a model that has some; draft and waterfall, where they were asked for."""
    found: dict[str, object] = {}
    if report.experts is not None:
        found["experts"] = expert_data(report.experts)
    if report.sparsity is not None:
        found["sparsity"] = sparsity_data(report.sparsity)
    if report.speculation is not None:
        found["speculation"] = algorithm.speculation_data(report.speculation)
    if report.waterfall is not None:
        found["waterfall"] = algorithm.waterfall_data(report.waterfall)
    return found


def _question_data(diagnosis: Diagnosis) -> dict[str, object]:
    asked = diagnosis.scenario
    request = asked.request
    if isinstance(asked.spec, Network):
        return {
            "model": asked.spec.name,
            "chip": asked.chip.name,
            "parameters": asked.spec.total_params,
            "phase": "forward",
            "batch": float(request.batch),
            "fusion": asked.fusion_name,
            "launch": asked.launch.value,
            "dtype": asked.weights.value,
        }
    return {
        "model": asked.spec.name,
        "chip": asked.chip.name,
        "parameters": asked.spec.total_params,
        "phase": request.phase.value,
        "batch": float(request.batch),
        "context": float(request.context_len),
        "tp": request.tensor_parallel,
        "ep": request.expert_parallel,
        "pp": request.pipeline_parallel,
        "fusion": asked.fusion_name,
        "launch": asked.launch.value,
        "dtype": asked.weights.value,
        "kv_dtype": asked.cache.value,
        "accumulate": asked.accumulate.value,
    }


def _cache_data(report: Report) -> dict[str, object]:
    """What the cache costs; nothing where there is none."""
    if report.cache.once == 0.0:
        return {}
    return {"kv_share": report.kv_share, "kv_amplification": report.cache.amplification}


def _memory_data(report: Report) -> dict[str, object]:
    diagnosis, memory = report.diagnosis, report.diagnosis.footprint
    return {
        "feasible": report.feasible,
        "footprint_B": float(memory.total),
        "capacity_B": diagnosis.scenario.chip.capacity,
        "over_by_B": max(-float(diagnosis.spare), 0.0),
        "weights_B": float(memory.weights),
        "kv_cache_B": float(memory.cache),
        "activations_B": float(memory.activations),
        **_capacity_data(report),
    }


def _capacity_data(report: Report) -> dict[str, object]:
    """What the layout can hold; a network has no sequences."""
    if isinstance(report.diagnosis.scenario.spec, Network):
        return {}
    return {"kv_capacity_tokens": report.kv_capacity, "largest_batch": report.largest_batch}


def _tiling_data(planned: PlannedGemm) -> dict[str, object]:
    """How a GEMM is cut; the kernel of a single row has no tiles."""
    tiling, waves = planned.plan.tiling, planned.plan.waves
    return {
        "kernel": planned.name,
        "block": planned.block,
        "count": planned.launches,
        "tile": None if tiling is None else tile_text(tiling.tile),
        "split_k": None if tiling is None else tiling.split,
        "tiles": None if waves is None else waves.tiles,
        "waves": None if waves is None else waves.count,
        "last_wave_occupancy": None if waves is None else waves.last_occupancy,
        "time_s": planned.time,
    }


def _kernel_data(row: KernelRow) -> dict[str, object]:
    return {
        "name": row.name,
        "block": row.block,
        "layer": row.layer,
        "family": row.family,
        "count": row.count,
        "flops": row.flops,
        "traffic_B": row.traffic,
        "intensity": row.intensity,
        "bound": row.bound,
        "time_s": row.time,
        "time_low_s": row.time * min(row.span.low, 1.0),
        "time_high_s": row.time * max(row.span.high, 1.0),
        "share": row.share,
        "compute_s": float(row.terms.compute),
        "memory_s": float(row.terms.memory),
        "link_s": float(row.terms.link),
        "serial_s": float(row.terms.serial),
        "latency_s": float(row.terms.latency),
        "roofline_s": row.ideal,
        "touches_kv_cache": row.touches_cache,
        "evidence": row.evidence.value,
    }
