"""Cloud Titan, Part 1: the attention bottleneck. Every number in the texts is computed when they are shown."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.explore.sensitivity import scaled_scenario
from ironlaw.instruments.roofline import in_words
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.instruments.step_roofline import View, layers_of, view_of
from ironlaw.lab.bench import bench_content
from ironlaw.lab.knobs import Choice, Control, Slider, Toggle, start_values
from ironlaw.lab.questions import quantity
from ironlaw.lab.reveal import choice_content, number_content
from ironlaw.lab.slope import CORRECT, MISCONCEPTIONS, slope_experiment
from ironlaw.lab.tracks import cloud_titan_texts as texts
from ironlaw.registry.chips import load_chip
from ironlaw.registry.models import load_model_card
from ironlaw.system.diagnosis import Scenario, diagnose
from ironlaw.system.question import load_decoder, scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Answers, Content, Knobs
    from ironlaw.lab.questions import Verdict
    from ironlaw.system.diagnosis import Diagnosis

MODEL, CHIP, BASELINE, TP = "llama-3-70b", "h100-sxm", "a100-80gb-sxm", 8
BATCH, CONTEXT = 16.0, 8192.0
SCALES = (0.25, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8, 4.0)
BATCHES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0)
CONTEXTS = (256.0, 512.0, 1024.0, 2048.0, 4096.0, 8192.0)


def crisis(batch: float = BATCH, context: float = CONTEXT) -> Scenario:
    """The node that serves too little: fused but for its attention."""
    return scenario(MODEL, CHIP, batch=batch, context=context, tp=TP, fusion="partial")


def machines() -> str:
    """The nodes and the model, in a line."""
    new, old = (load_chip(name).short_title for name in (CHIP, BASELINE))
    return f"{TP}×{new} against {TP}×{old} · {load_model_card(MODEL).title}"


@lru_cache(maxsize=1)
def crisis_view() -> View:
    """The crisis as it stands before anyone turns a knob."""
    return view_of(crisis())


@lru_cache(maxsize=1)
def baseline() -> Diagnosis:
    """The old node, fully fused, under the same load."""
    return diagnose(scenario(MODEL, BASELINE, batch=BATCH, context=CONTEXT, tp=TP, fusion="full"))


@lru_cache(maxsize=1)
def controls() -> tuple[Control, ...]:
    """The knobs of the workbench."""
    view = crisis_view()
    layers = layers_of(view)
    options = tuple((layer, in_words(layer), _group(view, layer)) for layer in layers)
    shown = tuple(significant(scale, 2) for scale in SCALES)
    limit = load_decoder(MODEL).max_context_len
    contexts = tuple(stop for stop in CONTEXTS if stop <= limit)
    return (
        Choice(id="layer", label="Layer", value=layers[0], options=options, group="look"),
        Toggle(id="profiler", label="Profiler Mode", value=False, group="look"),
        Slider(
            id="peak_scale", label="R_peak ×", value=1.0, stops=SCALES, shown=shown,
            symbol=("R", "peak"), group="machine",
        ),
        Slider(
            id="bandwidth_scale", label="BW_mem ×", value=1.0, stops=SCALES, shown=shown,
            symbol=("BW", "mem"), group="machine",
        ),
        Slider(
            id="batch", label="Batch", value=BATCH, stops=BATCHES,
            shown=tuple(grouped(stop) for stop in BATCHES), group="load",
        ),
        Slider(
            id="context", label="Context", value=CONTEXT, stops=contexts,
            shown=tuple(grouped(stop) for stop in contexts), group="load",
        ),
    )  # fmt: skip


def _group(view: View, layer: str) -> str:
    """Heading in the layer picker: what repeats, and what runs once in a step."""
    return "every layer" if max(row.count for row in view.layer(layer)) > 1 else "once a step"


@lru_cache(maxsize=64)
def _view_at(batch: float, context: float, peak: float, bandwidth: float) -> View:
    return view_of(scaled_scenario(crisis(batch, context), peak=peak, bandwidth=bandwidth))


def view_at(knobs: Knobs) -> View:
    """The diagnosis at some knobs."""
    return _view_at(
        float(knobs["batch"]),
        float(knobs["context"]),
        float(knobs["peak_scale"]),
        float(knobs["bandwidth_scale"]),
    )


def bench(knobs: Knobs) -> Content:
    """The workbench at some knobs."""
    content = bench_content(
        view_at(knobs),
        crisis_view(),
        layer=str(knobs["layer"]),
        profiler=bool(knobs["profiler"]),
        other=load_chip(BASELINE),
    )
    content["kind"] = "roofline"
    content["controls"] = [control.to_dict(knobs[control.id]) for control in controls()]
    return content


def says() -> str:
    """The CFO in a sentence."""
    ratio = float(crisis_view().diagnosis.tokens_per_second) / float(baseline().tokens_per_second)
    new, old = load_chip(CHIP), load_chip(BASELINE)
    text = f"The new {new.short_title} node serves {percent(ratio)} of what the old {old.short_title} node serves."
    if new.price is None or old.price is None:
        return f"{text} Why?"
    return f"{text} It costs {significant(new.price / old.price, 2)} times as much an hour. Why?"


def story() -> Content:
    """The letter that opens the mission."""
    new, old = crisis_view().diagnosis, baseline()
    figures: list[Content] = []
    for label, answer in (
        (f"old: {TP}×{load_chip(BASELINE).short_title}, fused attention", old),
        (f"new: {TP}×{load_chip(CHIP).short_title}, eager attention", new),
    ):
        figures.append(
            {
                "label": label,
                "value": grouped(float(answer.tokens_per_second)),
                "unit": "tokens/s",
                "detail": f"{with_prefix(float(answer.step), 's')} a token",
            }
        )
    return {
        "heading": "More TFLOPS, fewer tokens",
        "from": "CFO",
        "paragraphs": texts.letter(says(), new, old),
        "figures": figures,
    }


def reveal(answers: Answers) -> Content:
    """Prediction against reality."""
    view = crisis_view()
    now = float(view.diagnosis.step)
    more_peak = diagnose(scaled_scenario(crisis(), peak=2.0))
    more_bandwidth = diagnose(scaled_scenario(crisis(), bandwidth=2.0))
    share = 100.0 * float(view.diagnosis.cache_share)
    guess = quantity(answers, "share")
    chosen = str(answers["slope"])
    question, number = texts.PREDICTION
    return {
        "heading": "What you said, and what the engine computes",
        "choice": choice_content(
            question,
            chosen,
            CORRECT,
            MISCONCEPTIONS,
            texts.slope_feedback(chosen, view, more_peak, _at_larger_batch()),
        ),
        "number": number_content(number, guess, share, texts.share_feedback(guess, share, view)),
        "experiment": slope_experiment(
            "step", now, float(more_peak.step), float(more_bandwidth.step)
        ),
        "score": None,
    }


def _at_larger_batch() -> View:
    return view_of(crisis(batch=BATCHES[-1]))


def reset(knobs: Knobs) -> dict[str, Knob]:
    """Machine and load as the crisis has them; what is looked at stays."""
    kept = {name: knobs[name] for name in ("layer", "profiler")}
    return {**start_values(controls()), **kept}


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'share'):g} %"


def summary(answers: Answers, verdicts: Mapping[str, Verdict]) -> list[tuple[str, str]]:
    """Prediction, reality and defence in a few lines."""
    share = 100.0 * float(crisis_view().diagnosis.cache_share)
    question = texts.PREDICTION[0]
    pairs = [
        ("More TFLOPS on the slope?", question.option(str(answers["slope"])).text),
        ("Share of the KV cache, predicted", f"{quantity(answers, 'share'):g} %"),
        ("Share of the KV cache, computed", f"{share:.1f} %"),
    ]
    if "sentence" in verdicts:
        pairs.append(("In your words", str(verdicts["sentence"].answer)))
    return pairs
