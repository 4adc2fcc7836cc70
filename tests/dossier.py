"""The constants of the dossier as cases of the engine's forms: what the forms add stands at its neutral value."""

from __future__ import annotations

import json

from ironlaw.registry.constants import (
    CollectiveConstants,
    DecodeConstants,
    DecodeWidth,
    GemmConstants,
    PrefillConstants,
    PrefillWidth,
)


def constants(shared) -> dict:
    return json.loads((shared / "silicon/constants.json").read_text(encoding="utf-8"))


def gemm(found: dict) -> GemmConstants:
    return GemmConstants(**({"cq": 0.0} | found))


def prefill(found: dict) -> PrefillConstants:
    shared = {name: value for name, value in found.items() if name not in ("ef", "tc")}
    return PrefillConstants(**shared, widths={128: PrefillWidth(found["ef"], found["tc"])})


def decode(found: dict) -> DecodeConstants:
    usual = DecodeWidth(found["t0"], found["tc"], found["bs"])
    slow = DecodeWidth(found["t0"], found["tm"], found["bs"])
    shared = {name: found[name] for name in ("eb", "l2x", "tr", "ch")}
    return DecodeConstants(**shared, tp=found["tc"], widths={128: usual}, fallback=slow)


def collective(found: dict) -> CollectiveConstants:
    return CollectiveConstants(**{"as_" if name == "as" else name: v for name, v in found.items()})
