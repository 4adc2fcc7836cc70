"""What the units of a chip make of a sparsity, and what that takes for granted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.cost.family import vector_rate
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.sparsity import (
    kernel_tile,
    sparse_gain,
    two_four_range,
    two_four_speedup,
)
from ironlaw.rewrites.sparse_matrices import Pruning, Units
from ironlaw.rewrites.sparsity import Kind, Sparsity, empty_tiles, sparsity_named
from ironlaw.system.formats import Activations
from ironlaw.workload.graph import OpKind
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from ironlaw.cost.tiling import Tiling
    from ironlaw.registry.chips import Chip
    from ironlaw.system.diagnosis import Scenario
    from ironlaw.workload.spec import DecoderSpec

_TWO_FOUR_WORK = 0.5


def with_sparsity(scenario: Scenario, asked: object) -> Scenario:
    """A question about a model with sparse matrices, and what that takes for granted.

    Args:
        scenario: The question about dense ones.
        asked: As in `sparsity_named`; None leaves the question as it is.

    Raises:
        DomainError: as `pruning_of` does.
    """
    spec, chip = scenario.spec, scenario.chip
    pruning = pruning_of(asked, spec, chip, _arithmetic(scenario), scenario.tiling)
    if pruning is None:
        return scenario
    notes = (*scenario.notes, *sparsity_notes(pruning, chip, spec))
    return replace(scenario, pruning=pruning, notes=notes)


def _arithmetic(scenario: Scenario) -> tuple[Dtype, ...]:
    """The formats that the matrices of a step compute in; a decoder's graph calls all of 16 bits bf16."""
    weights = scenario.weights
    if isinstance(scenario.spec, Network):
        return (weights,)
    if weights in (Dtype.BF16, Dtype.FP16):
        return (Dtype.BF16,)
    mixed = scenario.experts_only or scenario.activations is Activations.WIDE
    return (weights, Dtype.BF16) if mixed else (weights,)


def pruning_of(
    asked: object,
    spec: DecoderSpec | Network,
    chip: Chip,
    formats: tuple[Dtype, ...],
    tiling: Tiling | None = None,
) -> Pruning | None:
    """A sparsity that was asked for, and what the units of a chip make of it; None where none was.

    Args:
        asked: As in `sparsity_named`.
        spec: The model.
        chip: The chip.
        formats: The formats of its matrices.
        tiling: The tile of every GEMM, where it is not the library's choice.

    Raises:
        DomainError: for a sparsity that is none, 2:4 where the chip has no sparse units in a format, and a contextual
            one of a model without dense feed-forward networks.
    """
    sparsity = sparsity_named(asked)
    if sparsity is None or sparsity.share == 0.0:
        return None
    if sparsity.kind is Kind.CONTEXTUAL:
        _require_neurons(sparsity, spec)
    columns, depth = kernel_tile()
    if tiling is not None and tiling.columns is not None:
        columns = tiling.columns
    units = (_units(sparsity, dtype, chip, (columns, depth)) for dtype in formats)
    return Pruning(sparsity, tuple(units), (columns, depth))


def _require_neurons(sparsity: Sparsity, spec: DecoderSpec | Network) -> None:
    if isinstance(spec, Network):
        domain = f"what {spec.name} has: its layers are no feed-forward networks of tokens"
        raise DomainError("sparsity", sparsity.name, domain)
    if spec.experts is not None:
        domain = f"what {spec.name} has: its router chooses among experts already"
        raise DomainError("sparsity", sparsity.name, domain)


def _units(sparsity: Sparsity, dtype: Dtype, chip: Chip, tile: tuple[int, int]) -> Units:
    runs = chip.runs(dtype)
    if sparsity.kind is Kind.TWO_FOUR:
        gain = _two_four_gain(chip, runs)
        return Units(dtype, _TWO_FOUR_WORK, min(gain, two_four_speedup(runs)))
    if sparsity.kind is Kind.BLOCK:
        left = 1.0 - empty_tiles(sparsity, tile)
        return Units(dtype, left, 1.0 / left)
    kept = 1.0 - sparsity.share
    if sparsity.kind is Kind.UNSTRUCTURED and kept < 1.0 - crossing_share(chip, dtype):
        return Units(dtype, kept, vector_rate(chip) / chip.peak(runs) / kept)
    return Units(dtype, 1.0, 1.0)


def _two_four_gain(chip: Chip, runs: Dtype) -> float:
    gain = sparse_gain(chip, runs)
    if gain is not None:
        return gain
    if not chip.sparse_peaks:
        raise DomainError("sparsity", Kind.TWO_FOUR.value, f"what {chip.name} has: no sparse units")
    known = ", ".join(dtype.value for dtype in chip.sparse_peaks)
    domain = f"what {chip.name} has: its sparse units compute in {known}, not in {runs.value}"
    raise DomainError("sparsity", Kind.TWO_FOUR.value, domain)


def crossing_share(chip: Chip, dtype: Dtype) -> float:
    r"""The share of zeros from which unstructured values are multiplied faster by the vector units.

    $$ s^* = 1 - R_{vector} / R_{matrix} $$

    Matrix units multiply the zeros, too; vector units multiply what is not zero.

    Args:
        chip: The chip.
        dtype: Format of the matrix units.

    Returns:
        s*; 0 where the chip has no matrix units that are faster.

    Example:
        >>> from ironlaw.registry.chips import load_chip
        >>> crossing_share(load_chip("a100-80gb-sxm"), Dtype.BF16)
        0.9375
    """
    return max(0.0, 1.0 - vector_rate(chip) / chip.peak(chip.runs(dtype)))


def sparsity_notes(pruning: Pruning, chip: Chip, spec: DecoderSpec | Network) -> tuple[str, ...]:
    """What a sparsity takes for granted.

    Args:
        pruning: The sparsity.
        chip: The chip.
        spec: The model.
    """
    kind = pruning.sparsity.kind
    said = _NOTES[kind](pruning, chip)
    return (*said, *_recurrent_note(spec), "what the sparsity costs in accuracy is not modelled")


def _recurrent_note(spec: DecoderSpec | Network) -> tuple[str, ...]:
    if not isinstance(spec, Network):
        return ()
    kinds = {step.kind for stage in spec.stages for step in stage.steps}
    if OpKind.RECURRENCE not in kinds:
        return ()
    return ("recurrent layers stay dense: the engine knows no sparse kernels of them",)


def _two_four_notes(pruning: Pruning, chip: Chip) -> tuple[str, ...]:
    rates = sorted({units.rate for units in pruning.units})
    runs = chip.runs(pruning.units[0].dtype)
    low, high = two_four_range(runs)
    return (
        f"2:4 arithmetic is taken to run {'/'.join(f'{rate:g}' for rate in rates)} times as fast as dense, as kernels "
        f"were seen to ({low:g} to {high:g}), not twice as the sheet prints",
    )


def _unstructured_notes(pruning: Pruning, chip: Chip) -> tuple[str, ...]:
    dtype = pruning.units[0].dtype
    crossing = crossing_share(chip, dtype)
    if pruning.units[0].work < 1.0:
        return (
            f"more than {crossing:.1%} of the values are zero: the vector units multiply the others, "
            "at their peak rate",
        )
    return (
        f"matrix units multiply the zeros too, up to {crossing:.1%} of them on {chip.name}: only bytes are saved, and "
        "unpacking the values is taken to cost nothing",
    )


def _block_notes(pruning: Pruning, chip: Chip) -> tuple[str, ...]:
    del chip
    columns, depth = pruning.tile
    return (
        f"a tile of {columns} × {depth} weights is skipped where all of it is zero: "
        f"{empty_tiles(pruning.sparsity, pruning.tile):.2%} of the tiles, blocks being zero independently",
    )


def _contextual_notes(pruning: Pruning, chip: Chip) -> tuple[str, ...]:
    del pruning, chip
    return (
        "neurons of the feed-forward networks are drawn evenly and tokens do not know each other; attention stays "
        "dense, every weight stays in memory, and a predictor of two matrices is added",
    )


_NOTES = {
    Kind.TWO_FOUR: _two_four_notes,
    Kind.UNSTRUCTURED: _unstructured_notes,
    Kind.BLOCK: _block_notes,
    Kind.CONTEXTUAL: _contextual_notes,
}


def at_end(pruning: Pruning, chip: Chip, end: str) -> Pruning:
    """A sparsity at one end of what its kernels were seen to reach; only 2:4 has two.

    Args:
        pruning: The sparsity.
        chip: The chip.
        end: "low" or "high".
    """
    if pruning.sparsity.kind is not Kind.TWO_FOUR:
        return pruning
    found: list[Units] = []
    for units in pruning.units:
        runs = chip.runs(units.dtype)
        low, high = two_four_range(runs)
        rate = min(_two_four_gain(chip, runs), low if end == "low" else high)
        found.append(units._replace(rate=rate))
    return pruning._replace(units=tuple(found))
