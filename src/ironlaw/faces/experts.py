"""The experts of a step: as plain data and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.instruments.scale import percent, significant, with_prefix

if TYPE_CHECKING:
    from ironlaw.system.expert_facts import ExpertFacts


def expert_data(found: ExpertFacts) -> dict[str, object]:
    """The experts of a step as plain data, in SI units, of one chip.

    Args:
        found: The experts.
    """
    experts = found.experts
    return {
        "n_experts": experts.n_experts,
        "top_k": experts.top_k,
        "d_expert": experts.d_expert,
        "d_shared": experts.d_shared,
        "layers": experts.n_layers,
        "routing": experts.routing.name,
        "total_params": found.total_params,
        "active_params": found.active_params,
        "resident_B": float(found.resident),
        "read_B": float(found.read),
        "distinct": float(found.distinct),
        "touched": float(found.touched),
        "imbalance": float(found.imbalance),
        "largest_over_mean": float(found.largest),
    }


def expert_lines(found: ExpertFacts) -> list[str]:
    """The experts of a step in sentences.

    Args:
        found: The experts.
    """
    experts = found.experts
    lines = [
        f"experts: {_billions(found.total_params)} billion parameters, {_billions(found.active_params)} for a "
        "token; a chip keeps "
        f"{with_prefix(float(found.resident), 'B')} of weights and the step reads "
        f"{with_prefix(float(found.read), 'B')} of them: it asks for {significant(float(found.distinct))} of "
        f"{experts.n_experts} experts a layer ({percent(float(found.touched))}), {experts.top_k} a token, "
        f"{experts.routing.name}"
    ]
    imbalance = float(found.imbalance)
    if imbalance != 1.0:
        lines.append(f"the chip with most rows has {significant(imbalance)}× the mean of all chips")
    return lines


def _billions(count: int) -> str:
    return significant(count / 1e9)


def asked_routing(said: str | None) -> str | tuple[float, ...] | None:
    """A routing as an option of the command line has it: a name, or numbers with commas between them.

    Args:
        said: What was written after the option.
    """
    if said is None or "," not in said:
        return said
    try:
        return tuple(float(number) for number in said.split(","))
    except ValueError:
        raise DomainError("routing", said, "numbers with commas between them, or a name") from None
