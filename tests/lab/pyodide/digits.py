"""Prints every digit of what the lab grades, and of the engine under it, one value a line.

Runs in CPython and in Pyodide with nothing but the standard library; `test_pyodide.py` compares the two.
"""

from __future__ import annotations

import json
import math
import sys
from itertools import count, cycle, islice, product
from zlib import crc32

from ironlaw.base.errors import ModelError
from ironlaw.base.plain import plain
from ironlaw.base.power import exp2, log2, power
from ironlaw.cost.benchmark import decode_benchmark, gemm_benchmark, prefill_benchmark
from ironlaw.explore.sensitivity import sensitivity
from ironlaw.lab.ledger import Ledger
from ironlaw.lab.messages import Message
from ironlaw.lab.mission import handle
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks.catalogue import tracks
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.chips import chip_names
from ironlaw.registry.models import model_names
from ironlaw.registry.networks import network_names
from ironlaw.system.cache_traffic import cache_traffic
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.interval import step_interval
from ironlaw.system.jitter.kineto import trace_lines
from ironlaw.system.jitter.simulate import simulate
from ironlaw.system.jitter.truth import REQUIRED, case
from ironlaw.system.question import scenario
from ironlaw.system.table import kernel_rows, step_terms
from ironlaw.workload.graph import AttentionShape, GemmShape

START = 1_790_000_000.0
SENTENCE = "The bus carries eight copies of every key and value, so most of its bytes are waste."
FREELY = {
    "tile": ("any",),
    "split_k": ("any",),
    "launch": ("graph", "network"),
    "level": ("full", "both"),
    "pool": ("static",),
    "gate_pad": ("32",),
    "load_width": ("4",),
    "fused": (True,),
}
NETWORK_STRIDE = 5  # every fifth pair of network and chip: they are many and small
SIZES = (1.0, 7.0, 64.0, 200.0, 4096.0)


def show(name, value):
    """One line: a name, and a value with all its digits (repr gives back the very float)."""
    sys.stdout.write(f"{name} {json.dumps(plain(value), ensure_ascii=False)}\n")


def primitives():
    """The functions that round, at arguments that give every digit a chance to differ."""
    x = 0.1
    for _ in range(2000):
        x = 3.99 * x * (1.0 - x)  # a chaotic walk: one other bit and all that follows is other
        value = x * 1e3
        show("primitive", [math.sqrt(value), log2(value), exp2(x * 20.0), power(value, 2.0 + x)])


def kernel_forms():
    """Each calibrated kernel form, as a micro-benchmark runs it."""
    for chip in chip_names():
        found = load_calibration(chip)
        if found is None:
            continue
        for (dtype, constants), m in product(found.gemm.items(), SIZES):
            shape = GemmShape(m, 6144.0, 4096.0, dtype)
            terms = gemm_benchmark(shape, constants=constants, rates=found.reference)
            show(f"gemm {chip} {dtype.value} {m}", terms)
        for length, batch in product(SIZES, SIZES):
            forms(chip, found, length, batch)


def forms(chip, found, length, batch):
    """Attention of a batch over a length."""
    heads = {"n_heads": 32.0, "n_kv_heads": 8.0, "d_head": 128.0, "causal": True}
    for dtype, constants in found.decode.items():
        sizes = {"batch": batch, "query_len": 1.0, "context_len": length, "cache_dtype": dtype}
        shape = AttentionShape(decode=True, **sizes, **heads)
        terms = decode_benchmark(shape, constants=constants, rates=found.reference)
        show(f"decode {chip} {dtype.value} {batch} {length}", terms)
    for (arithmetic, dtype), constants in found.prefill.items():
        sizes = {"batch": batch, "query_len": length, "context_len": length, "cache_dtype": dtype}
        shape = AttentionShape(decode=False, **sizes, **heads)
        rates, peak = found.reference, found.reference.peaks[arithmetic]
        terms = prefill_benchmark(shape, constants=constants, rates=rates, peak=peak)
        show(f"prefill {chip} {dtype.value} {batch} {length}", terms)


LAYERS = (
    ("fusion", ("none", "partial", "full")),
    ("phase", ("decode", "prefill")),
    ("dtype", ("bf16", "fp8", "fp8_block", "nvfp4")),
    ("kv_dtype", ("bf16", "fp8")),
    ("tp", (1, 8, 2, 4)),
    ("batch", (1, 16, 3, 256, 33)),
    ("context", (8192, 1000, 1, 4096, 131072)),
    ("launch", (None, "eager", "stream", "graph")),
)


def questions():
    """Endless questions that turn every knob, each at its own pace."""
    for turn in count():
        yield {name: values[(turn + turn // len(values)) % len(values)] for name, values in LAYERS}


def diagnoses(most):
    """Steps of every model on every chip; one that cannot be asked is shown by its refusal."""
    pairs = list(product(model_names(), chip_names()))
    turns = islice(zip(cycle(pairs), questions(), strict=False), max(most, len(pairs)))
    for (model, chip), ask in turns:
        diagnosed(model, chip, ask)
    for (network, chip), turn in zip(product(network_names(), chip_names()), count(), strict=False):
        if turn % NETWORK_STRIDE == 0:
            diagnosed(network, chip, {"batch": 1 + turn % 7, "fusion": "full"})


def diagnosed(model, chip, ask):
    """One question with its answer or its refusal; where the layout is refused, on one chip."""
    show("question", [model, chip, ask])
    try:
        answer = diagnose(scenario(model, chip, **ask))
    except ModelError as error:
        show("refused", str(error))
        if error.field == "tp":
            diagnosed(model, chip, {**ask, "tp": 1})
    else:
        answer_lines(answer)


def answer_lines(answer):
    """Every number of a diagnosis."""
    rows = kernel_rows(answer)
    for row in rows:
        show("kernel", [row.name, row.terms, row.flops, row.traffic, row.time, row.share, row.span])
        show("least", [row.ideal, row.peak, row.intensity, row.flop_rate])
    traffic = cache_traffic(answer)
    show("step", [answer.step, step_interval(answer), step_terms(rows), answer.footprint])
    show("use", [answer.mfu, answer.mbu_raw, answer.mbu_useful, answer.cache_share, answer.spare])
    show("cache", [traffic.moved, traffic.once, traffic.makers])
    show("changes", sensitivity(answer))
    show("rates", [answer.tokens_per_second, answer.model_flops, answer.useful_traffic])


def missions():
    """Every message of each track that is open: all sliders at all stops, all answers, right or not."""
    for track in tracks():
        if track.parts:
            walk(track.id, len(track.parts))


def walk(track, parts):
    """One learner who tries everything in every part; each view is shown as the page gets it."""
    state = opened(Ledger("digits"))

    def say(kind, **fields):
        nonlocal state
        try:
            state, shown = handle(state, Message(type=kind, **fields), START + say.clock)
        except RefusedError as error:
            shown = {"refused": str(error)}
        say.clock += 1.5
        show(kind, shown)
        return shown

    say.clock = 0.0
    for number in range(parts):
        say("advance") if number else say("choose", track=track)
        walk_part(say)


def walk_part(say):
    """One part, from its story to its ledger."""
    lock = say("begin")
    say("commit", answers=answers(lock["content"]["questions"], 0, [35.0]))
    turns(say, say("hello")["content"]["controls"])
    bench = say("hello")["content"]
    for fusion in (bench.get("graph") or {"fusions": ()})["fusions"]:
        say("turn", knobs={fusion["knob"]: not fusion["on"]}, settled=True)
    for row in (bench.get("plan") or {"rows": ()})["rows"]:
        for cell in filter(None, row["cells"]):
            say("turn", knobs={cell["knob"]: not cell["on"]}, settled=True)
            say("run")
    if bench.get("challenge"):
        tries(say, bench)
    say("ready")
    reflection = say("proceed")["content"]
    if reflection["bench"]["kind"] == "tiling":
        knobs = {one["id"]: freely(one) for one in reflection["bench"]["controls"]}
        reflection = say("turn", knobs=knobs, settled=True)["content"]
    questions, numbers = reflection["questions"], shown_numbers(reflection["bench"])
    most = max(len(numbers), *[len(question["options"]) for question in questions])
    right = {}
    for attempt in range(most):
        given = answers(questions, attempt, numbers)
        content = say("reflect", answers=given)["content"]
        if content["passed"]:
            break
        verdicts = content["verdicts"]
        right |= {name: given[name] for name, verdict in verdicts.items() if verdict["right"]}
    else:
        say("reflect", answers=right)
    say("finish")
    for beat in ("story", "lock", "workbench", "reveal", "reflect", "ledger"):
        say("visit", beat=beat)


def values_of(control):
    """What a control can be turned to."""
    options = [option["id"] for option in control.get("options", ())]
    return options or control.get("stops") or (True, False)


def turns(say, controls, known=()):
    """All controls at all values, those too that show only once another stands somewhere."""
    names = {*known, *(control["id"] for control in controls)}
    for control in controls:
        for value in values_of(control):
            shown = say("turn", knobs={control["id"]: value}, settled=True)
            say("run")
            new = [c for c in shown.get("content", {}).get("controls", ()) if c["id"] not in names]
            turns(say, new, names)
            names |= {one["id"] for one in new}
        say("turn", knobs={control["id"]: control["value"]}, settled=True)


def tries(say, bench):
    """Several knobs turned at once, and a proof at each such place until no attempt is left."""
    left, numbers = bench["challenge"]["left"], shown_numbers(bench)
    for attempt, control in zip(range(left), cycle(bench["controls"]), strict=False):
        value = values_of(control)[1 if attempt % 2 else 0]
        say("turn", knobs={control["id"]: value}, settled=True)
        say("prove", answers=answers(bench["challenge"]["questions"], attempt, numbers))


def freely(control):
    """The value of a control under which a proposal is best; where it stands, if none is known."""
    names = [option["id"] for option in control.get("options", ())] or [True, False]
    best = [name for name in FREELY.get(control["id"], ()) if name in names]
    return best[0] if best else control["value"]


def shown_numbers(bench):
    """What a learner could read off the instruments: shares as percentages, every equation's value, every figure."""
    shares = list((bench.get("optimizations") or {"sides": {}})["sides"].values())
    shares += [100.0 * gauge["value"] for gauge in bench.get("gauges", ())]
    shares += [100.0 * bench["overhead_share"]] if "overhead_share" in bench else []
    shares += [1e3 * bench["time"]] if "time" in bench else []
    shares += [100.0 * peek["value"] for peek in bench["peeks"] if not peek["unit"]]
    shares += [(bench.get("thermal") or {}).get("sustained_rate") or 0.0]
    told = [figure.get("now", "") for figure in bench.get("figures", ())]
    shares += [float(text) for text in told if text.replace(".", "").isdigit()]
    shares += [1e3 * bench["time"]] if "time" in bench else []
    sizes = [one for one in bench["controls"] if one["id"] == "hidden"]
    shares += [float(stop) for one in sizes for stop in one["stops"]]
    return shares + [peek["value"] for peek in bench["peeks"]]


def answers(questions, attempt, numbers):
    """An answer to each question, another one at each attempt."""
    found = {}
    for question in questions:
        options = question["options"]
        if question["kind"] == "choice":
            found[question["id"]] = options[attempt % len(options)]["id"]
        elif question["kind"] == "several":
            found[question["id"]] = picked(options, attempt)
        elif question["kind"] == "text":
            found[question["id"]] = SENTENCE
        else:
            number = numbers[attempt % len(numbers)]
            low, high = question["min"], question["max"]
            fits = (low is None or low <= number) and (high is None or number <= high)
            found[question["id"]] = number if fits else low
    return found


def late_frames():
    """Cases of the jitter generator: every event of a short trace, and the truth about it."""
    for seed in range(8):
        trace = simulate(seed, 60, graph_launch=seed == 7)
        text = "".join(trace_lines(trace)).encode()
        show(f"jitter {seed}", [len(text), crc32(text), [f.latency for f in trace.frames]])
        truth = case(seed, 60)
        judged = [[one.cause.value, one.reach, one.why] for one in truth.possible]
        show(f"truth {seed}", [truth.cause.value, truth.events, truth.excess, judged])


def picked(options, attempt):
    """Some of the options: those that prove each cause of a late frame in turn, or every other one."""
    names = [option["id"] for option in options]
    causes = list(REQUIRED.values())
    proof = [name for name in names if name in causes[attempt % len(causes)]]
    return proof or names[::2]


if __name__ == "__main__":
    primitives()
    kernel_forms()
    diagnoses(500)
    late_frames()
    missions()
