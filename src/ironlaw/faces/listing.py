"""What the registry holds of models, as rows and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import grouped, with_prefix
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import Fact, FactSheet
from ironlaw.registry.models import load_model_card, model_names
from ironlaw.system.question import load_decoder

if TYPE_CHECKING:
    from ironlaw.workload.spec import DecoderSpec


def model_overview() -> list[dict[str, object]]:
    """A row for each model."""
    rows: list[dict[str, object]] = []
    for name in model_names():
        spec = load_decoder(name)
        rows.append(
            {
                "name": name,
                "parameters": grouped(spec.total_params),
                "layers": spec.n_layers,
                "d_model": grouped(spec.d_model),
                "heads": f"{spec.n_heads}/{spec.n_kv_heads}",
                "kv cache a token": with_prefix(spec.cache_per_token(Dtype.BF16), "B"),
            }
        )
    return rows


def model_facts(name: str) -> tuple[str, list[Fact]]:
    """Title and facts of a model: the publisher's figures and every field of its configuration.

    Raises:
        UnknownNameError: offering the nearest names.
    """
    card, spec = load_model_card(name), load_decoder(name)
    published = [] if card.sheet is None else list(card.sheet.facts.values())
    return card.title, [*published, *_config_facts(spec, card.sheet)]


def _config_facts(spec: DecoderSpec, sheet: FactSheet | None) -> list[Fact]:
    fields = (
        "n_layers", "d_model", "d_ff", "n_heads", "n_kv_heads", "d_head", "vocab_size",
        "max_context_len",
    )  # fmt: skip
    source = "meta-llama-3" if sheet is None else sheet.facts["parameters.exact"].source
    date = "" if sheet is None else sheet.facts["parameters.exact"].date
    return [
        Fact(
            path=f"config.{field}",
            value=float(getattr(spec, field)),
            unit="1",
            written=str(getattr(spec, field)),
            kind="published" if sheet is None else "recalled",
            source=source,
            where="config.json",
            date=date,
        )
        for field in fields
    ]
