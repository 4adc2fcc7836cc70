"""Words of Cloud Titan, Part 1. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.scale import grouped, significant, with_prefix
from ironlaw.lab.questions import Question
from ironlaw.lab.slope import SLOPE
from ironlaw.system.table import intensity

if TYPE_CHECKING:
    from ironlaw.instruments.step_roofline import View
    from ironlaw.system.diagnosis import Diagnosis

CLOSE = 5.0  # percentage points within which a prediction counts as close

PREDICTION = (
    SLOPE,
    Question(
        id="share",
        kind="number",
        text="Which share of a decode step does the new node spend on its KV cache?",
        help="Reading, copying, expanding and appending keys and values, in all kernels together.",
        unit="%",
        min=0.0,
        max=100.0,
    ),
)

PROMPT = (
    "Patterson asks",
    "Identify your binding constraint. Is it BW_mem or R_peak? Use the MBU gauge to prove it.",
)


def letter(says: str, new: Diagnosis, old: Diagnosis) -> list[str]:
    """The CFO's letter.

    Args:
        says: Its first sentences.
        new: The step on the new node.
        old: The step on the old node.
    """
    more = new.peak / old.peak
    before, after = (grouped(float(node.tokens_per_second)) for node in (old, new))
    return [
        says,
        (
            f"The vendor promised {significant(more, 2)} times the TFLOPS. Our engineers moved the model over as it "
            "was: everything is fused except attention, whose fused kernel was left behind on the old cluster. "
            f"Same model, same batch, same context; {before} tokens a second became {after}."
        ),
        (
            "Before you buy more chips, tell me what binds this one. Bring evidence: you cannot optimize what you "
            "cannot measure."
        ),
    ]


def slope_feedback(chosen: str, view: View, more_peak: Diagnosis, larger: View) -> str:
    """Feedback on the choice, written for that answer.

    Args:
        chosen: The option.
        view: The crisis.
        more_peak: The same step with twice R_peak.
        larger: The same step at the largest batch of the bench.
    """
    rows = view.layer("attention")
    now = float(view.diagnosis.step)
    x = intensity(summed(row.flops for row in rows), summed(row.traffic for row in rows))
    chip = view.diagnosis.scenario.chip
    ridge = view.diagnosis.peak / chip.bandwidth
    changed = now / float(more_peak.step)
    facts = (
        f"Attention does {significant(x)} FLOP for each byte; the ridge is at {significant(ridge)}. With twice R_peak "
        f"the step {_becomes(now, float(more_peak.step))}, a speed-up of {changed:.2f}×."
    )
    match chosen:
        case "in_proportion":
            return f"That holds under the plateau, where arithmetic binds. {facts}"
        case "a_little":
            return (
                "Compute and memory overlap: the longer one sets the time and the shorter one hides behind it. Only "
                f"close to the ridge do both show in the time. {facts}"
            )
        case "larger_batch":
            return f"{_batch_fact(view, larger, x)} {facts}"
        case _:
            return f"Right: on the slope the time is bytes over bandwidth, and R_peak does not show in it. {facts}"


def _becomes(before: float, after: float) -> str:
    """What a time does, to the digits that are shown."""
    was, now = with_prefix(before, "s"), with_prefix(after, "s")
    return f"stays at {now}" if was == now else f"goes from {was} to {now}"


def _batch_fact(view: View, larger: View, x: float) -> str:
    rows = larger.layer("attention")
    at = intensity(summed(row.flops for row in rows), summed(row.traffic for row in rows))
    batch = larger.diagnosis.scenario.request.batch
    gemm, gemm_at = (_gemm_intensity(v) for v in (view, larger))
    return (
        f"Batching raises the intensity of layers that share their weights: the gate and up projection goes from "
        f"{significant(gemm)} to {significant(gemm_at)} FLOP/B at batch {grouped(float(batch))}. Attention shares "
        f"nothing between sequences, each brings its own cache: {significant(x)} stays {significant(at)} FLOP/B."
    )


def _gemm_intensity(view: View) -> float:
    rows = view.layer("feed-forward up")
    return intensity(summed(row.flops for row in rows), summed(row.traffic for row in rows))


def share_feedback(guess: float, share: float, view: View) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted share [%].
        share: Computed share [%].
        view: The crisis.
    """
    footprint, cache = view.diagnosis.footprint, view.cache
    facts = (
        f"Each chip reads {with_prefix(float(footprint.weights), 'B')} of weights once, and moves "
        f"{with_prefix(cache.moved, 'B')} for a cache of {with_prefix(cache.once, 'B')}: "
        f"{significant(cache.amplification)} bytes for each byte."
    )
    if abs(guess - share) <= CLOSE:
        return f"Close. {facts}"
    if guess < share:
        return (
            "Too low. Most people count the weights and forget that the heads of the cache are copied before they are "
            f"read. {facts}"
        )
    return f"Too high: the weights still have to be read in every step. {facts}"
