"""The Python API: a question in, a report out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Unpack

from ironlaw.base.errors import DomainError
from ironlaw.explore.sensitivity import Change, sensitivity
from ironlaw.faces import text
from ironlaw.faces.report_data import report_data
from ironlaw.instruments.energy_roofline import energy_roofline, hungriest
from ironlaw.instruments.gauges import Gauge, gauges
from ironlaw.instruments.roofline import RooflinePicture
from ironlaw.instruments.step_roofline import View, layers_of, roofline_picture
from ironlaw.registry.chips import chip_names
from ironlaw.registry.models import model_names
from ironlaw.registry.networks import network_names
from ironlaw.system.cache_traffic import CacheTraffic, cache_traffic
from ironlaw.system.capacity import kv_capacity, largest_batch
from ironlaw.system.diagnosis import Diagnosis
from ironlaw.system.diagnosis import diagnose as diagnose_scenario
from ironlaw.system.energy import StepEnergy, step_energy_or_reason
from ironlaw.system.expert_facts import ExpertFacts, expert_facts
from ironlaw.system.interval import Interval, step_interval
from ironlaw.system.question import Ask, scenario
from ironlaw.system.table import KernelRow, StepTerms, kernel_rows, step_terms
from ironlaw.system.tilings import PlannedGemm, plans, tiling_notes
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from pathlib import Path

    from ironlaw.explore.attribution import Attribution
    from ironlaw.faces.notebook import RooflineWidget, WaterfallWidget
    from ironlaw.instruments.optimizations import OptimizationWaterfall
    from ironlaw.system.drafting import Drafting
    from ironlaw.system.sparsity import Sparsified
    from ironlaw.system.speculation import Speculation


@dataclass(frozen=True, eq=False)
class Report:
    """The diagnosis of one step, on one chip of the node, in SI units.

    Attributes:
        diagnosis: The engine's answer.
        speculation: Decoding with a draft, where one was asked for.
        waterfall: What precision, fusion and algorithm have each done, where it was asked for.
    """

    diagnosis: Diagnosis
    speculation: Speculation | None = None
    waterfall: Attribution | None = None

    @cached_property
    def kernels(self) -> tuple[KernelRow, ...]:
        """The kernel table; its times add up to the step."""
        return kernel_rows(self.diagnosis)

    @cached_property
    def cache(self) -> CacheTraffic:
        """What attention moves for each byte of the KV cache."""
        return cache_traffic(self.diagnosis)

    @cached_property
    def plans(self) -> tuple[PlannedGemm, ...]:
        """Tile, split and waves of every GEMM."""
        return plans(self.diagnosis)

    @cached_property
    def experts(self) -> ExpertFacts | None:
        """Footprint against traffic of a model with experts, None for one without."""
        return expert_facts(self.diagnosis)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What would make the step faster, the best first."""
        return sensitivity(self.diagnosis)

    @cached_property
    def sparsity(self) -> Sparsified | None:
        """The step beside that with dense matrices; None where its matrices are dense."""
        asked = self.diagnosis.scenario
        if asked.pruning is None:
            return None
        from ironlaw.system.sparsity import sparsify

        return sparsify(asked)

    @property
    def terms(self) -> StepTerms:
        """The step as the Iron Law splits it [s]."""
        return step_terms(self.kernels)

    @property
    def gauges(self) -> tuple[Gauge, ...]:
        """MFU, MBU raw and useful, memory."""
        return gauges(self.diagnosis, self.cache.amplification)

    @property
    def energy(self) -> StepEnergy | None:
        """Joules of the step by arithmetic, memory level and static; None where the chip's file lacks energy facts."""
        found = self._energy_or_reason
        return None if isinstance(found, str) else found

    @property
    def energy_missing(self) -> str | None:
        """Why there is no energy, in words; None where there is one."""
        found = self._energy_or_reason
        return found if isinstance(found, str) else None

    @cached_property
    def _energy_or_reason(self) -> StepEnergy | str:
        return step_energy_or_reason(self.diagnosis)

    @property
    def feasible(self) -> bool:
        """Whether the step fits the chip's memory."""
        return float(self.diagnosis.spare) >= 0.0

    @cached_property
    def kv_capacity(self) -> int:
        """Tokens of the KV cache that fit beside weights and activations, all chips together."""
        return kv_capacity(self.diagnosis.scenario)

    @cached_property
    def largest_batch(self) -> int:
        """The most sequences of this context whose step fits."""
        return largest_batch(self.diagnosis.scenario)

    @property
    def step(self) -> float:
        """Time of the step [s]."""
        return float(self.diagnosis.step)

    @cached_property
    def interval(self) -> Interval:
        """The range in which the step is expected, from the residuals of each kernel family [s]."""
        return step_interval(self.diagnosis)

    @property
    def items(self) -> str:
        """What the step is made for: tokens, or the samples of a network."""
        return "samples" if isinstance(self.diagnosis.scenario.spec, Network) else "tokens"

    @property
    def items_per_s(self) -> float:
        """Tokens, or samples of a network, of the node [1/s]."""
        return float(self.diagnosis.tokens_per_second)

    @property
    def tokens_per_s(self) -> float:
        """Tokens of the node: made (decode) or read (prefill) [1/s]."""
        return float(self.diagnosis.tokens_per_second)

    @property
    def mfu(self) -> float:
        """Model FLOPs utilisation."""
        return float(self.diagnosis.mfu)

    @property
    def mbu_raw(self) -> float:
        """Memory bandwidth utilisation by all traffic."""
        return float(self.diagnosis.mbu_raw)

    @property
    def mbu_useful(self) -> float:
        """Memory bandwidth utilisation by weights and cache, each once."""
        return float(self.diagnosis.mbu_useful)

    @property
    def kv_share(self) -> float:
        """Share of the step in kernels that read, copy, expand or append the KV cache."""
        return float(self.diagnosis.cache_share)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What was replaced in the question, or is uncertain in the answer."""
        return (*self.diagnosis.scenario.notes, *tiling_notes(self.diagnosis))

    def roofline(self, layer: str | None = None) -> RooflinePicture:
        """The roofline of the step, a layer of it in red.

        Args:
            layer: A layer of the graph; the one that takes longest if None.
        """
        view = View(self.diagnosis, self.kernels, self.cache)
        chosen = layers_of(view)[0] if layer is None else layer
        return roofline_picture(view, view, layer=chosen, profiler=True, other=None)

    def energy_roofline(self, layer: str | None = None) -> RooflinePicture:
        """The roofline in joules, an arch: operations for a joule over intensity, a layer in red.

        Args:
            layer: A layer of the graph; the one that takes most joules if None.

        Raises:
            DomainError: if the chip's file lacks energy facts.
        """
        view = View(self.diagnosis, self.kernels, self.cache)
        return energy_roofline(view, view, layer=hungriest(view) if layer is None else layer)

    def to_dict(self) -> dict[str, object]:
        """The report as plain data: the JSON of `ironlaw diagnose`, in SI units."""
        return report_data(self)

    def table(self) -> str:
        """The report as text for a terminal."""
        return text.report_text(self)

    def plot(self, path: str | Path, layer: str | None = None, *, energy: bool = False) -> None:
        """Write the roofline as an SVG file.

        Args:
            path: Where to.
            layer: The layer in red; the one that takes most if None.
            energy: Draw it in joules.

        Raises:
            DomainError: if the path does not end in ".svg", or the chip's file lacks energy facts.
        """
        from ironlaw.faces.svg import write_roofline

        picture = self.energy_roofline(layer) if energy else self.roofline(layer)
        write_roofline(picture, path, text.question(self))

    @property
    def waterfall_picture(self) -> OptimizationWaterfall | None:
        """The OptimizationWaterfall; None where the report was asked for without it."""
        found = self.waterfall
        if found is None:
            return None
        from ironlaw.instruments.optimizations import OptimizationWaterfall

        item = "step" if self.speculation is None else "token"
        return OptimizationWaterfall(
            found=found,
            quantity=f"time of a {item}",
            unit="s",
            ends=("as it starts, in 16 bits", "as it is asked"),
        )

    def plot_waterfall(self, path: str | Path) -> None:
        """Write the OptimizationWaterfall as an SVG file.

        Args:
            path: Where to.

        Raises:
            DomainError: if the path does not end in ".svg", or the report was asked for without a waterfall.
        """
        from ironlaw.faces.optimization_svg import write_optimizations

        write_optimizations(self._waterfall_asked(), path, text.question(self))

    def waterfall_widget(self) -> WaterfallWidget:
        """The OptimizationWaterfall as a widget for a notebook, with the extra `notebook`.

        Raises:
            DomainError: if the report was asked for without a waterfall.
        """
        from ironlaw.faces.notebook import WaterfallWidget

        return WaterfallWidget(self._waterfall_asked().to_dict())

    def _waterfall_asked(self) -> OptimizationWaterfall:
        picture = self.waterfall_picture
        if picture is None:
            raise DomainError("waterfall", None, "reports that were asked for with waterfall=True")
        return picture

    def widget(self, layer: str | None = None) -> RooflineWidget:
        """The roofline as a widget for a notebook, with the extra `notebook`.

        Args:
            layer: The layer in red; the one that takes longest if None.
        """
        from ironlaw.faces.notebook import RooflineWidget

        return RooflineWidget(self, layer)

    def __repr__(self) -> str:
        """The verdict."""
        return text.verdict(self)

    def _repr_html_(self) -> str:
        """The report in a notebook."""
        from ironlaw.faces.html import report_html

        return report_html(self)


def diagnose(
    model: str | Network,
    *,
    on: str,
    draft: Drafting | None = None,
    waterfall: bool = False,
    **ask: Unpack[Ask],
) -> Report:
    """Diagnose one step of a model on a node: which kernels run, what binds each, what the step comes to.

    Args:
        model: Name in the registry ("llama-3-70b", "resnet-50"), or path of a `config.json` or of a network: TOML,
            ONNX or `.pt2`; or a network from `ironlaw.load_network` or `ironlaw.network_from_torch`.
        on: Chip in the registry ("h100-sxm"), or path of a TOML file.
        draft: Speculative decoding with a draft, from `ironlaw.drafting`.
        waterfall: Whether to take apart what precision, fusion and algorithm have each done.
        **ask: phase, batch, context, tp, ep, pp, fusion, launch, dtype, kv_dtype, tile, split_k, activations,
            accumulate, routing, experts, top_k, d_expert, d_shared, shared, sparsity: see
            `ironlaw.system.question.Ask`. A network takes batch, fusion, launch, dtype and sparsity.

    Returns:
        The report. A model that does not fit is an answer too: `feasible` is false.

    Raises:
        UnknownNameError: for a chip or model that is not there, offering the nearest.
        DomainError: for a value outside its range, naming it.
        ConfigError: for a `config.json` that cannot be translated, naming the field.

    Example:
        >>> report = diagnose("llama-3-8b", on="h100-sxm", batch=8)
        >>> 0.0 < report.mbu_useful <= report.mbu_raw <= 1.0
        True
    """
    diagnosis = diagnose_scenario(scenario(model, on, **ask))
    if draft is None and not waterfall:
        return Report(diagnosis)
    from ironlaw.explore.optimizations import optimizations
    from ironlaw.system.drafting import fixed, speculated

    found = None if draft is None else speculated(model, on, draft, **ask)
    chosen = draft if draft is None or found is None else fixed(draft, found)
    return Report(diagnosis, found, optimizations(model, on, chosen, **ask) if waterfall else None)


def chips() -> tuple[str, ...]:
    """The chips of the registry.

    Example:
        >>> "h100-sxm" in chips()
        True
    """
    return chip_names()


def models() -> tuple[str, ...]:
    """The models of the registry.

    Example:
        >>> "llama-3-70b" in models() and "resnet-50" in models()
        True
    """
    return (*model_names(), *network_names())
