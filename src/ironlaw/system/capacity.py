"""How much a layout can hold: tokens in its KV cache, and sequences of a length."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.system.plan import work_of
from ironlaw.workload.layout import attention_groups, chip_request

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Scenario
    from ironlaw.system.memory import Footprint


def kv_capacity(scenario: Scenario) -> int:
    """Tokens of the KV cache that fit beside the weights and the activations of the step, all chips together.

    They are tokens of sequences as long as the question's: a windowed layer keeps the last of each. Nothing is held
    back; servers usually keep a tenth of the memory for themselves.

    Args:
        scenario: A question of single numbers.

    Returns:
        A number of tokens; 0 where the weights alone do not fit.
    """
    request = scenario.request
    memory = memory_of(scenario, float(request.batch))
    spare = scenario.chip.capacity - float(memory.weights) - float(memory.activations)
    if spare <= 0.0:
        return 0
    local = chip_request(request)
    held = float(local.batch) * float(local.context_len)
    return math.floor(spare / (float(memory.cache) / held)) * attention_groups(request)


def largest_batch(scenario: Scenario) -> int:
    """The most sequences of the question's length whose step fits: weights, cache and activations.

    Args:
        scenario: A question of single numbers.

    Returns:
        A number of sequences, exactly: it fits, and one more does not. 0 where not even one fits.
    """
    capacity = scenario.chip.capacity
    if float(memory_of(scenario, 1.0).total) > capacity:
        return 0
    fits, over = 1, 2
    while float(memory_of(scenario, float(over)).total) <= capacity:
        fits, over = over, 2 * over
    while over - fits > 1:
        middle = (fits + over) // 2
        if float(memory_of(scenario, float(middle)).total) <= capacity:
            fits = middle
        else:
            over = middle
    return fits


def memory_of(scenario: Scenario, batch: float) -> Footprint:
    """What one chip keeps of the step with another number of sequences.

    Args:
        scenario: The question.
        batch: Sequences, B.
    """
    asked = replace(scenario, request=replace(scenario.request, batch=batch))
    return work_of(asked).footprint
