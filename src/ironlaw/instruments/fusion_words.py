"""Operators and fusions as people write them: short enough to stand in a cell of the fusion graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.roofline import in_words
from ironlaw.workload.graph import Role

if TYPE_CHECKING:
    from ironlaw.system.fusion_board import Refusal
    from ironlaw.system.fusion_set import Choice

_PARTS = {
    "input_norm": "norm of the input",
    "mlp_norm": "norm before the MLP",
    "next_norm": "norm of the next",
    "rope_q": "rotary of q",
    "rope_k": "rotary of k",
    "scores": "softmax",
}
_LONE = {
    "q_proj": "q projection",
    "k_proj": "k projection",
    "v_proj": "v projection",
    "cache_k": "append k",
    "cache_v": "append v",
    "expand_k": "expand k",
    "expand_v": "expand v",
    "scores": "scores QKᵀ",
    "values": "values PV",
    "transpose": "transpose",
    "attention_all_reduce": "all-reduce",
    "mlp_all_reduce": "all-reduce",
    "embedding_all_reduce": "all-reduce",
    "attention_residual": "residual",
    "mlp_residual": "residual",
    "gate_proj": "gate projection",
    "up_proj": "up projection",
    "silu": "SiLU",
    "logits_all_gather": "gather logits",
}
_FUSIONS = {
    "attention": "attention in one kernel",
    "static_cache": "append to the cache in place",
    "skip_masked": "skip what the mask hides",
    "q_proj+k_proj+v_proj": "q, k, v as one GEMM",
    "gate_proj+up_proj": "gate, up as one GEMM",
    "scores.scale…cast": "softmax as one kernel",
    "cache_k+cache_v": "append k, v in one launch",
    "expand_k+expand_v": "expand k, v in one launch",
    "rope_q+rope_k": "rotary of q, k in one launch",
    "attention_all_reduce+attention_residual": "residual after its all-reduce",
    "mlp_all_reduce+mlp_residual": "MLP residual after its all-reduce",
    "attention_residual+mlp_norm": "residual with the norm after it",
    "mlp_residual+next_norm": "residual with the next norm",
    "embedding_all_reduce+input_norm": "first norm after its all-reduce",
}
_ROLES = {
    Role.WEIGHT: "weights",
    Role.ACTIVATION: "results handed from one operator to the next",
    Role.INDEX: "indices",
    Role.KV_CACHE: "the KV cache itself, written anew",
    Role.KV_COPY: "copies of the KV cache",
    Role.SCORES: "attention scores",
}
_KINDS = {
    "static_cache": "in place: the cache is appended to, not written anew",
    "skip_masked": "not a fusion: skips work above the diagonal",
    "concatenate_in_place": "in place: parts are written where they belong",
}


def part_words(operator: str) -> str | None:
    """What an operator is a step of; None where it stands alone.

    Args:
        operator: Its name, "mlp_norm.square".

    Example:
        >>> part_words("mlp_norm.square")
        'norm before the MLP'
        >>> part_words("q_proj") is None
        True
    """
    stem, _, _ = operator.rpartition(".")
    return (_PARTS.get(stem) or in_words(stem)) if stem else None


def operator_words(operator: str) -> str:
    """An operator in a word or two; a step of one by its step alone.

    Args:
        operator: Its name.

    Example:
        >>> operator_words("rope_q.swap")
        'swap'
        >>> operator_words("q_proj")
        'q projection'
    """
    _, _, last = operator.rpartition(".")
    return (_LONE.get(last) or in_words(last)) if last == operator else last.replace("_", " ")


def fusion_words(name: str) -> str:
    """What a fusion joins, or a rewrite in place does.

    Args:
        name: Its name in a set.

    Example:
        >>> fusion_words("gate_proj+silu")
        'gate projection + SiLU'
        >>> fusion_words("mlp_norm")
        'norm before the MLP as one kernel'
    """
    if name in _FUSIONS:
        return _FUSIONS[name]
    if "+" not in name:
        return f"{_PARTS.get(name) or in_words(name)} as one kernel"
    return " + ".join(_PARTS.get(part) or operator_words(part) for part in name.split("+"))


def kind_words(choice: Choice) -> str:
    """What makes one kernel of its operators, or what it is instead of a fusion.

    Args:
        choice: A fusion or a rewrite in place.
    """
    return _KINDS.get(choice.name, choice.kind)


def role_words(role: Role) -> str:
    """What bytes are that need not move.

    Args:
        role: The role of their tensor.
    """
    return _ROLES[role]


def refusal_words(refusal: Refusal) -> str:
    """Why a set of fusions cannot stand, in a clause.

    Args:
        refusal: The refusal.
    """
    if refusal.kind == "needs":
        return f"{fusion_words(refusal.name)} needs {fusion_words(refusal.other)}"
    if refusal.kind == "absent":
        return f"this step has nothing to do for: {fusion_words(refusal.name)}"
    if refusal.kind == "order":
        return "kernels would need each other, and none could run first"
    problem = " ".join(_operator(word) for word in refusal.problem.split(" "))
    return f"not one kernel: {problem}"


def _operator(word: str) -> str:
    """A word of a sentence; in words where it is the name of an operator."""
    if word in _LONE:
        return _LONE[word]
    stem, dot, _ = word.rpartition(".")
    return _PARTS.get(stem, word) if dot else word
