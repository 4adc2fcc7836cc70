"""Put what the engine answers about the translator word by word into docs/translator.md.

    python tools/refresh_translator.py

`tests/test_translator_page.py` fails where the page and the engine disagree.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from filled_page import filled, table
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.rewrites.network_experts import NetworkExperts, with_experts
from ironlaw.rewrites.network_weights import with_stored_weights
from ironlaw.rewrites.sparsity import sparsity_named, stored_ratio
from ironlaw.system.acceptance import acceptances
from ironlaw.system.network_loop import TokenLoop, draft_loop, load_loop
from ironlaw.system.network_speculation import LoopSpeculation, Spent, speculate_loop

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.registry.chips import Chip
    from ironlaw.workload.network import Network

PAGE = Path(__file__).resolve().parents[1] / "docs" / "translator.md"
_NAME, _SHEET = "translator-60m", pipeline_sheet("ar-translation")
_IDLING, _DTYPE = load_chip("ar-glasses"), Dtype.INT8
_CHIP = replace(_IDLING, idle_power=0.0)
"""The glasses, whose joules are those of the work alone; and with what they draw idle."""

_LENGTHS = (1, 2, 4, 8)
_EXPERTS = (8, 32, 64)
_KEPT = ("logits", "router")


def asked(loop: TokenLoop, draft: str = "", length: int = 0, chip: Chip = _CHIP) -> LoopSpeculation:
    """The translator with a draft of the registry.

    Args:
        loop: The translator, under any rewrite.
        draft: Who drafts; nobody if empty.
        length: Words drafted.
        chip: What it runs on.
    """
    alphas = acceptances(_SHEET.number(f"draft.{draft}.acceptance"), length) if draft else ()
    layers = _SHEET.optional(f"draft.{draft}.layers")
    words = _SHEET.optional(f"draft.{draft}.vocabulary")
    known = None if layers is None or words is None else draft_loop(_NAME, int(layers), int(words))
    return speculate_loop(loop, known, alphas, chip, _DTYPE)


def _beside(found: LoopSpeculation) -> tuple[Spent, Spent]:
    chip = found.plain.scenario.chip
    return found.per_sample, asked(load_loop(_NAME), chip=chip).per_sample


def gain(found: LoopSpeculation) -> float:
    """Words for the joules of one as it was."""
    now, plain = _beside(found)
    return plain.joules / now.joules


def drafts() -> str:
    """Words for the joules of one by who drafts and how many."""
    rows: list[list[str]] = []
    for name in _SHEET.children("draft"):
        cells = [gain(asked(load_loop(_NAME), name, length)) for length in _LENGTHS]
        work = _work(asked(load_loop(_NAME), name, 4))
        alpha = _SHEET.number(f"draft.{name}.acceptance")
        title = _SHEET.texts[f"draft.{name}.title"]
        rows.append([title, f"{alpha:g}", *(f"{one:.2f}" for one in cells), f"{work:.2f}"])
    head = ("who drafts", "α", *(f"γ = {length}" for length in _LENGTHS), "operations, γ = 4")
    return table(head, rows)


def _work(found: LoopSpeculation) -> float:
    now, plain = _beside(found)
    return now.flops / plain.flops


def experts() -> str:
    """Joules of a word and footprint by experts, alone and under a check of four words."""
    rows: list[list[str]] = []
    for by_sample in (True, False):
        for number in _EXPERTS:
            chosen = NetworkExperts(number, by_sample=by_sample)
            loop = load_loop(_NAME).rewritten(_expert(chosen))
            alone, drafted = asked(loop), asked(loop, "frequent", 3)
            by = "phrase" if by_sample else "word"
            held = f"{alone.footprint / 1e9:.2f} GB"
            rows.append([f"{number}", by, held, f"{gain(alone):.2f}", f"{gain(drafted):.2f}"])
    return table(("experts", "chosen by", "footprint", "alone", "three drafted"), rows)


def _expert(chosen: NetworkExperts) -> Callable[[Network], Network]:
    return lambda network: with_experts(network, chosen)


def together() -> str:
    """What each change reaches, and all of them."""
    narrow = NetworkExperts(8, width=0.25, by_sample=True)
    ratio = stored_ratio(sparsity_named("2:4"), _DTYPE)
    plain = load_loop(_NAME)
    few = plain.rewritten(_expert(narrow))
    packed, both = _packed(plain, ratio), _packed(few, ratio)
    found = (
        ("two words drafted", asked(plain, "frequent", 2)),
        ("eight experts of a quarter of the width, by phrase", asked(few)),
        ("2:4 in all matrices but that of the words", asked(packed)),
        ("all three", asked(both, "frequent", 2)),
        ("all three, idle power counted", asked(both, "frequent", 2, _IDLING)),
    )
    made = [
        [words, f"{gain(one):.2f}", f"{_work(one):.2f}", f"{one.footprint / 1e6:.0f} MB"]
        for words, one in found
    ]
    return table(("change", "words for the joules of one", "operations", "footprint"), made)


def _packed(loop: TokenLoop, ratio: float) -> TokenLoop:
    return loop.rewritten(lambda network: with_stored_weights(network, ratio, _KEPT))


PARTS = {"drafts": drafts, "experts": experts, "together": together}


def page() -> str:
    """The page with the engine's numbers of today."""
    return filled(PAGE.read_text(encoding="utf-8"), PARTS)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
