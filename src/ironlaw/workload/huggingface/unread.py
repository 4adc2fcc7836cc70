"""What a configuration says and the decoder does not hold: said aloud where it bears on time or memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ironlaw.workload.huggingface.fields import Fields

_RELEVANT = re.compile(
    r"expert|window|chunk|lora_rank|lora_dim|ssm|mamba|state_size|conv_|linear_|index_|softcap|nextn|mtp"
    r"|cross_attention|multi_query|alibi|sparse|kv_shared|shared_kv|partial_rotary|per_layer_input|laurel|parallel_attn"
    r"|recurrent|lru_width|layer_types|cla_"
)
_HARMLESS = re.compile(r"aux_loss|output_|dropout|jitter|initializer|alibi_bias_max")
_SAID = {
    "attn_logit_softcapping": "attn_logit_softcapping {} adds pointwise work to the scores that is not counted",
    "final_logit_softcapping": "final_logit_softcapping {} adds pointwise work to the logits that is not counted",
    "partial_rotary_factor": "partial_rotary_factor {}: rotary embedding is counted for the whole head",
}
_LONGEST = 40  # characters of a value in a note
_ENCODERS = ("vision_config", "audio_config")


def unread_notes(fields: Fields) -> tuple[str, ...]:
    """A note for each field that bears on time or memory and that the family does not read."""
    return tuple(
        _SAID.get(name, f"{name} {{}} is not read").format(_short(value))
        for name, value in relevant(dict(fields.unread()))
    )


def _short(value: object) -> str:
    """A value as text, cut where it is a long list."""
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def encoder_notes(outer: Fields) -> tuple[str, ...]:
    """A note where the model has encoders beside its decoder."""
    return tuple(
        f"the encoder of {name} is part neither of the step nor of the parameters"
        for name in _ENCODERS
        if outer.has(name)
    )


def mtp_notes(layers: int) -> tuple[str, ...]:
    """A note where the model has layers that predict further tokens.

    Args:
        layers: So many.
    """
    if not layers:
        return ()
    return (
        f"the module that predicts further tokens (num_nextn_predict_layers {layers}) is part neither of the step nor "
        "of the parameters, but of a draft named mtp",
    )


def relevant(config: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The fields of a configuration that bear on time or memory and are switched on."""
    for name, value in config.items():
        neutral = isinstance(value, float) and value == 1.0  # a factor that changes nothing
        if value and not neutral and _RELEVANT.search(name) and not _HARMLESS.search(name):
            yield name, value
