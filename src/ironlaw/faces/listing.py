"""What the registry holds of models, as rows and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.plain import plain_fields
from ironlaw.instruments.scale import grouped, with_prefix
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import Fact, FactSheet
from ironlaw.registry.models import load_model_card, model_names
from ironlaw.registry.networks import is_network, load_network_card, network_names
from ironlaw.system.network_question import load_network
from ironlaw.system.question import load_decoder
from ironlaw.workload.network import network_flops

if TYPE_CHECKING:
    from ironlaw.workload.spec import DecoderSpec

USER_FILE = "the file"
"""Stands where the registry names a source: the fact was read from the user's own file."""


def model_overview() -> dict[str, list[dict[str, object]]]:
    """A row for each model, in words for people: those that write text, and those that are one pass over a batch."""
    return {"language models": _decoder_rows(), "networks": _network_rows()}


def model_rows() -> list[dict[str, object]]:
    """The models as plain data, in SI units; what only a decoder has is missing from a network."""
    return [
        *(_decoder_data(load_decoder(name)) for name in model_names()),
        *(_network_data(name) for name in network_names()),
    ]


def _decoder_data(spec: DecoderSpec) -> dict[str, object]:
    return {
        "name": spec.name,
        "kind": "decoder",
        "parameters": spec.total_params,
        "active_parameters": spec.active_params,
        "layers": spec.n_layers,
        "attention": _sharing(spec),
        "heads": spec.n_heads,
        "kv_heads": spec.n_kv_heads,
        "window": spec.window if spec.windowed_layers else None,
        "windowed_layers": spec.windowed_layers,
        "experts": 0 if spec.experts is None else spec.experts.n_experts,
        "experts_per_token": 0 if spec.experts is None else spec.experts.top_k,
        "context": spec.max_context_len,
        "cache_B_per_token": spec.cache_per_token(Dtype.BF16),
    }


def _network_data(name: str) -> dict[str, object]:
    network = load_network(name)
    return {
        "name": name,
        "kind": "network",
        "parameters": network.total_params,
        "sample": network.sample,
        "FLOP_per_sample": float(network_flops(network, 1.0)),
    }


def _decoder_rows() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name in model_names():
        spec = load_decoder(name)
        rows.append(
            {
                "name": name,
                "total": _counted(spec.total_params),
                "active": _counted(spec.active_params),
                "layers": spec.n_layers,
                "attention, window": _attention(spec),
                "experts": _experts(spec),
                "context": grouped(spec.max_context_len),
                "KV/token": with_prefix(spec.cache_per_token(Dtype.BF16), "B"),
            }
        )
    return rows


def _network_rows() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name in network_names():
        network = load_network(name)
        rows.append(
            {
                "name": name,
                "total": _counted(network.total_params),
                "work": with_prefix(float(network_flops(network, 1.0)), "FLOP"),
                "sample": network.sample,
            }
        )
    return rows


def _counted(parameters: int) -> str:
    for unit, size in (("B", 1e9), ("M", 1e6)):
        if parameters >= size:
            return f"{parameters / size:.2f} {unit}"
    return grouped(float(parameters))


def _attention(spec: DecoderSpec) -> str:
    """The kind of the attention, its heads, and its window with the number of layers that have it."""
    kind = f"{_sharing(spec)} {spec.n_heads}/{spec.n_kv_heads}"
    if not spec.windowed_layers:
        return kind
    return f"{kind}, {grouped(spec.window)} in {spec.windowed_layers}"


def _sharing(spec: DecoderSpec) -> str:
    if spec.latent is not None:
        return "MLA"
    if spec.n_kv_heads == spec.n_heads:
        return "MHA"
    return "MQA" if spec.n_kv_heads == 1 else "GQA"


def _experts(spec: DecoderSpec) -> str:
    if spec.experts is None:
        return "–"
    return f"{spec.experts.top_k} of {spec.experts.n_experts}"


def model_facts(name: str) -> tuple[str, list[Fact]]:
    """Title and facts of a model: the publisher's figures and every field of its configuration.

    Raises:
        UnknownNameError: offering the nearest names.
        ConfigError: naming the field of a configuration that cannot be translated.
    """
    if is_network(name):
        network = load_network_card(name)
        return network.title, list(network.sheet.facts.values())
    card, spec = load_model_card(name), load_decoder(name)
    published = [] if card.sheet is None else list(card.sheet.facts.values())
    return card.title, [*published, *_config_facts(spec, card.sheet)]


_SHAPE = (
    "n_layers", "d_model", "d_ff", "n_heads", "n_kv_heads", "d_head", "vocab_size",
    "max_context_len", "window", "windowed_layers",
)  # fmt: skip


def _config_facts(spec: DecoderSpec, sheet: FactSheet | None) -> list[Fact]:
    """What was read from the configuration, the sections without a counterpart in the model left out."""
    values = {f"config.{field}": getattr(spec, field) for field in _SHAPE}
    for section in (spec.latent, spec.experts):
        if section is not None:
            what = "latent" if section is spec.latent else "experts"
            fields = plain_fields(section).items()
            sizes = {key: value for key, value in fields if isinstance(value, int)}
            values |= {f"config.{what}.{key}": value for key, value in sizes.items()}
    if sheet is None:
        values |= {"parameters.exact": spec.total_params, "parameters.active": spec.active_params}
    source = USER_FILE if sheet is None else sheet.facts["parameters.exact"].source
    date = "" if sheet is None else sheet.facts["parameters.exact"].date
    return [
        Fact(
            path=path,
            value=float(value),
            unit="1",
            written=str(value),
            kind="derived" if sheet is None else "recalled",
            source=source,
            where="config.json",
            date=date,
        )
        for path, value in values.items()
        if not isinstance(value, bool)
    ]
