"""Facts of pipelines, and their refusals."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import UnknownNameError
from ironlaw.registry.pipelines import pipeline_names, pipeline_sheet


def test_the_stages_are_measured_and_cited():
    sheet = pipeline_sheet("pointpillars")
    for name, time in (("voxelization", 0.12e-3), ("backbone", 6.09e-3), ("postprocess", 1.58e-3)):
        fact = sheet.fact(f"stage.{name}")
        assert (fact.value, fact.kind) == (time, "measured")
        assert fact.source == "nvidia-cuda-pointpillars"
    modelled = {sheet.fact(path).kind for path in sheet.facts if not path.startswith("stage.")}
    assert modelled == {"assumption", "recalled"}


def test_a_name_that_is_not_there_is_answered_with_the_nearest():
    assert pipeline_names() == ("ar-translation", "pointpillars")
    with pytest.raises(UnknownNameError, match="did you mean 'pointpillars'"):
        pipeline_sheet("pointpillar")


def test_the_glasses_run_three_networks_each_at_its_own_rate():
    sheet = pipeline_sheet("ar-translation")
    assert sheet.children("job") == ("filter", "ocr", "translator")
    rates = [sheet.fact(f"job.{name}.rate") for name in sheet.children("job")]
    assert [(fact.value, fact.unit) for fact in rates] == [(60.0, "Hz"), (6.0, "Hz"), (0.75, "Hz")]
    assert {fact.kind for fact in rates} == {"assumption"}
