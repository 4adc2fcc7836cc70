"""A question about a network: one pass over a batch on one chip."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import as_float
from ironlaw.registry.dtypes import Dtype, dtype_named
from ironlaw.registry.networks import load_network_card, network_names
from ironlaw.workload.network import batch_multiple
from ironlaw.workload.network_file import FORMATS, network_from_table
from ironlaw.workload.spec import Phase, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.registry.chips import Chip
    from ironlaw.system.question import Ask
    from ironlaw.workload.network import Network


def load_network(
    model: str, *, dims: Mapping[str, int] | None = None, strict: bool = False
) -> Network:
    """A network of the registry, or of a user's file.

    Args:
        model: Kebab-case name, or the path of a TOML file, an ONNX file, or an exported PyTorch program (`.pt2`).
        dims: Sizes of the free dimensions of a foreign graph, other than the batch, by name.
        strict: Whether an operator of a foreign graph that is not known is an error instead of a note.

    Raises:
        UnknownNameError: offering the nearest names.
        ConfigError: naming the field of the file.

    Example:
        >>> load_network("resnet-50").total_params
        25557032
    """
    # the readers of foreign graphs come when one is read: a question about a decoder starts without them
    if model.endswith(".onnx"):
        from ironlaw.workload.importers.onnx_network import network_from_onnx  # noqa: PLC0415

        return network_from_onnx(model, dims=dims, strict=strict)
    if model.endswith(".pt2"):
        from ironlaw.workload.importers.torch_network import network_from_torch  # noqa: PLC0415

        return network_from_torch(model, dims=dims, strict=strict)
    if dims:
        raise DomainError("dims", dict(dims), "what foreign graphs have: .onnx and .pt2 files")
    return _registered(model) if model in network_names() else _network(model)


@lru_cache(maxsize=64)
def _registered(model: str) -> Network:
    """A network of the registry; a user's file is read anew each time, because it may change."""
    return _network(model)


def _network(model: str) -> Network:
    card = load_network_card(model)
    return network_from_table(card.name, card.title, card.graph)


_REASONS = {"accumulate": "its norms and softmaxes are one kernel each and sum in registers"}


def network_request(network: Network, ask: Ask) -> Request:
    """What is asked of a network: a batch, and nothing that only a decoder has.

    Args:
        network: The model.
        ask: What was asked; without a batch it is the one that a file fixes, or 1.

    Raises:
        DomainError: for a phase, a context, a layout or a format of the cache, or a batch that is not a count.
    """
    for name, value in ask.items():
        if name not in ("batch", "fusion", "launch", "dtype", "sparsity"):
            why = _REASONS.get(name, "it is one pass over a batch on one chip")
            domain = f"what {network.name} has: {why}"
            raise DomainError(name, value, domain)
    samples = ask.get("batch", 1 if network.free_batch else network.base_batch)
    batch_multiple(network, samples)
    return Request(phase=Phase.PREFILL, batch=as_float(samples), context_len=1.0)


def network_format(network: Network, chip: Chip, wanted: object) -> tuple[Dtype, tuple[str, ...]]:
    """The format that a network really runs in, and a note where it is not the one that was asked for.

    Args:
        network: The model.
        chip: The chip.
        wanted: The format that was asked for; the network's own if None.

    Raises:
        DomainError: for a format that is none of a network's.
    """
    asked = network.dtype if wanted is None else dtype_named(wanted, FORMATS)
    runs = chip.runs(asked)
    if runs is asked:
        return runs, ()
    note = f"{chip.name} has no {asked.value} arithmetic: weights and activations are in {runs.value} instead"
    return runs, (note,)
