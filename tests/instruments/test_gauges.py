"""Gauges repeat the diagnosis and say what they are a fraction of."""

from __future__ import annotations

import pytest

from ironlaw.instruments.gauges import gauges
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario


def by_id(diagnosis, amplification=None):
    return {gauge.id: gauge for gauge in gauges(diagnosis, amplification)}


def test_gauges_are_the_diagnosis(step):
    found = by_id(step)
    assert list(found) == ["mfu", "mbu_raw", "mbu_useful", "memory"]
    assert found["mfu"].value == step.mfu
    assert found["mbu_raw"].value == step.mbu_raw
    assert found["mbu_useful"].value == step.mbu_useful
    assert found["memory"].value == step.footprint.total / 80e9


def test_a_busy_useless_bus_is_said_to_be_one(crisis):
    found = by_id(crisis, 17.125)
    assert found["mbu_useful"].tone == "warn"
    assert "carrying copies: 17.1 bytes moved for each byte of cache" in found["mbu_useful"].note
    assert found["mbu_raw"].note == "the bus is busy …"


def test_a_useful_bus_is_plain():
    fused = diagnose(scenario("llama-3-70b", "h100-sxm", batch=16, context=8192, tp=8))
    found = by_id(fused, 1.0)
    assert found["mbu_useful"].tone == "plain"
    assert found["mbu_raw"].note == "of 3.35 TB/s a chip"


def test_what_does_not_fit_is_bad():
    found = by_id(diagnose(scenario("llama-3-70b", "h100-sxm")))["memory"]
    # 141 GB of weights and 1.3 of cache on 80
    assert found.tone == "bad"
    assert found.value == pytest.approx(142.4 / 80, rel=0.005)
    assert found.note == "142 GB of 80 GB a chip"


def test_gauges_as_plain_data(crisis):
    for gauge in gauges(crisis, None):
        assert set(gauge.to_dict()) == {"id", "label", "value", "note", "tone"}


def test_one_byte_is_one_byte(step):
    assert "1 byte moved for each byte of cache" in by_id(step, 1.0)["mbu_useful"].note
    assert "2 bytes moved for each byte of cache" in by_id(step, 2.0)["mbu_useful"].note
