"""A learner in a real browser: Tiny Pioneer, from the track's card to the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from learner import (
    Watch,
    after_view,
    at,
    defended,
    figure,
    gauge,
    locked,
    next_step,
    number,
    press,
    red_dot,
    run,
    sees_nothing_before_the_lock,
    tab,
    to_lock,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from learner import Lab, Look

pytestmark = pytest.mark.browser

WORKBENCH = ("roofline", "law", "gauges", "cache", "curve", "meter", "assumptions", "controls")
SENTENCE = "The bus to PSRAM never rests, and a faster core would only wait for longer."
SRAM = ("lstm1.input", "lstm1.state", "lstm2.input", "lstm2.state", "dense1", "dense2")


def take_track(page: Page, url: str) -> None:
    page.goto(url)
    at(page, "tracks")
    page.get_by_role("button", name="Tiny Pioneer").click()
    at(page, "story")


def predict(page: Page) -> None:
    page.check("input[name=slope][value=a_little]")
    page.fill("input[name=kilobytes]", "50")
    locked(page)


def ridge(page: Page) -> float:
    return float(page.locator(".il-ridge-main").get_attribute("x1") or "nan")


def kept(page: Page, matrix: str, on: bool = True) -> None:
    box = page.locator(f"[data-control='sram:{matrix}']")
    after_view(page, lambda: box.set_checked(on))


def crosses_the_ridge(page: Page) -> float:
    """Moves one matrix after the other to SRAM until arithmetic binds; gives the kilobytes that took."""
    after_view(page, lambda: page.select_option("[data-control=layer]", "frame"))
    found = red_dot(page)
    assert found[0] < ridge(page)  # on the slope
    kept(page, SRAM[0])
    moved = red_dot(page)
    assert found[0] < moved[0] < ridge(page)
    assert moved[1] < found[1]  # up the slope
    kept(page, SRAM[1])
    crossed = red_dot(page)
    assert crossed[0] > ridge(page)
    assert "Across the ridge" in page.locator("h1").inner_text()
    assert gauge(page, "frame") < 100.0  # of the deadline
    said = page.locator(".configuration").inner_text()
    kilobytes = number(said, r"([\d.]+)\skB of weights in SRAM")
    kept(page, SRAM[2])
    assert red_dot(page)[0] > crossed[0]
    assert red_dot(page)[1] == crossed[1]  # along the roof: no faster
    for matrix in SRAM[:3]:
        kept(page, matrix, on=False)
    assert red_dot(page) == found
    return kilobytes


def turns_the_machine_s_knobs(page: Page) -> None:
    time = page.locator(".il-law-total").inner_text
    start = time()
    press(page, "peak_scale", "ArrowRight", 2)
    assert time() == start
    press(page, "peak_scale", "ArrowLeft", 2)
    press(page, "bandwidth_scale", "ArrowRight")
    assert time() != start
    press(page, "bandwidth_scale", "ArrowLeft")
    assert time() == start


def sees_the_floor_above_the_target(page: Page) -> None:
    """Whatever H is, asleep the chip already draws more than may be drawn."""
    meter = page.locator(".power")
    lines = [
        float(meter.locator(line).get_attribute("x1") or "nan")
        for line in (".il-chart-limit", ".il-mt-floor")
    ]
    assert lines[0] < lines[1]  # 1 mW, then the floor
    words = meter.locator(".il-mt-verdict").inner_text()
    assert "the sleep floor alone is 2.6" in words
    drawn = number(meter.locator(".il-mt-value").inner_text(), r"([\d.]+)")
    press(page, "hidden", "Home")
    assert number(meter.locator(".il-mt-value").inner_text(), r"([\d.]+)") < drawn
    assert "the sleep floor alone is 2.6" in meter.locator(".il-mt-verdict").inner_text()
    floor = float(meter.locator(".il-mt-floor").get_attribute("x1") or "nan")
    dots = meter.locator("circle[data-part=floor]").get_attribute("cx")
    assert float(dots or "nan") == pytest.approx(floor, abs=0.2)
    press(page, "hidden", "ArrowRight", 4)
    assert number(meter.locator(".il-mt-value").inner_text(), r"([\d.]+)") == drawn


def reads_the_cache_map_by_keyboard(page: Page) -> None:
    tab(page, "cache")
    assert figure(page, "Traffic").startswith("1\u202f×")
    assert "512 sets × 2 ways × 32\u202fB" in page.locator(".il-figures:visible").inner_text()
    stage = page.locator("[data-figure=cache] .il-stage")
    stage.focus()
    page.keyboard.press("Home")
    said = stage.locator(".il-sr")
    assert (said.text_content() or "").startswith("sets 0 to 7")
    page.keyboard.press("End")
    assert (said.text_content() or "").startswith("dense 2")  # after the sets, the matrices
    page.locator("[data-figure=cache] [data-tool=table]").click()
    assert page.locator("#cache-table tbody tr").count() == 64 + page.locator("[data-gate]").count()
    page.locator("[data-figure=cache] [data-tool=peek]").click()
    assert page.locator("#cache-peek math").count() >= 2


def reads_the_largest_size_off_the_curve(page: Page) -> str:
    """The last H of the line of the weights that is under the line of the deadline."""
    tab(page, "curve")
    stage = page.locator("[data-figure=curve] .il-stage")
    limit = float(stage.locator(".il-chart-limit").get_attribute("y1") or "nan")
    points = stage.locator("circle.il-cv-dot.il-cv-0").evaluate_all(
        "all => all.map(dot => Number(dot.getAttribute('cy')))"
    )
    under = sum(y > limit for y in points)
    assert 0 < under < len(points)
    stage.focus()
    page.keyboard.press("Home")
    for _ in range(under - 1):
        page.keyboard.press("ArrowRight")
    said = stage.locator(".il-sr").text_content() or ""
    largest = number(said, r"hidden size H ([\d,]+)")
    return f"{largest:.0f}"


def changes_what_is_assumed(page: Page) -> None:
    page.locator(".assumptions summary").click()
    frame = gauge(page, "frame")
    press(page, "psram_rate", "End")
    assert gauge(page, "frame") < frame
    assert "changed" in page.locator("tr:has([data-control=psram_rate])").inner_text()
    press(page, "psram_rate", "ArrowLeft", 3)
    assert gauge(page, "frame") == frame


def defends_with_wrong_and_then_right_evidence(page: Page, largest: str) -> None:
    page.check("input[name=constraint][value=R_peak]")
    page.fill("input[name=mbu_raw]", f"{gauge(page, 'mfu')}")
    page.fill("input[name=largest]", largest)
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)
    verdict = page.locator("[data-question=mbu_raw] .verdict")
    assert "That is the MFU" in verdict.inner_text()
    right = page.locator("[data-question=largest] .verdict").get_attribute("data-right")
    assert right == "true"
    assert page.get_by_role("button", name="To the ledger").count() == 0
    page.check("input[name=constraint][value=BW_mem]")
    page.fill("input[name=mbu_raw]", f"{gauge(page, 'mbu_raw')}")
    defended(page)
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")


def test_a_learner_finds_what_the_memory_math_ratio_is(browser: Browser, lab: Lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(context, page)
    take_track(page, lab.url)
    next_step(page, "lock")
    sees_nothing_before_the_lock(
        page, watch, "svg[role=img], circle.il-red, [data-control], [data-part]", WORKBENCH
    )
    predict(page)
    kilobytes = crosses_the_ridge(page)
    turns_the_machine_s_knobs(page)
    sees_the_floor_above_the_target(page)
    reads_the_cache_map_by_keyboard(page)
    largest = reads_the_largest_size_off_the_curve(page)
    changes_what_is_assumed(page)
    next_step(page, "reveal")
    told = number(page.locator("main").inner_text(), r"the engine computes\s+([\d.]+)\s*kB")
    assert kilobytes / 2.0 < told <= kilobytes  # one matrix was too little, two were enough
    next_step(page, "reflect")
    defends_with_wrong_and_then_right_evidence(page, largest)
    assert "Chain verified" in page.locator(".badge").inner_text()
    watch.assert_stayed_home(lab.url)
    context.close()


def predict_a_gain(page: Page) -> None:
    page.check("input[name=reduces][value=both]")
    page.fill("input[name=times]", "1")
    locked(page)


def chosen(page: Page, control: str, value: str) -> None:
    after_view(page, lambda: page.check(f"[data-control={control}][value='{value}']"))


def planned(page: Page, *matrices: str) -> None:
    for matrix in matrices:
        after_view(page, lambda m=matrix: page.check(f"[data-plan='sram:{m}']"))


def failure(page: Page) -> str:
    return page.locator(".failure").inner_text()


def undo(page: Page) -> None:
    after_view(page, lambda: page.click("[data-action=undo]"))


def sees_the_aliasing(page: Page) -> None:
    """As it was found: four walks through sets of two ways, and nothing of the answer before the run."""
    assert page.locator(".il-chart:visible, [data-gauge]:visible").count() == 0
    run(page)
    assert page.locator("[data-tab=cache]").get_attribute("aria-selected") == "true"
    assert figure(page, "Traffic") == "8\u202f×"
    assert page.locator("[data-figure=cache] .il-cm-past").text_content() == "4"
    assert number(figure(page, "Hits"), r"([\d.]+)") == 0.0
    late = number(failure(page), r"it is ([\d.]+)\sms late")
    row = page.locator("[data-run='1']").inner_text()
    assert f"deadline missed, {late:g}" in row.replace("\u202f", " ")
    assert late == pytest.approx(number(row, r"mW\s+([\d.]+)\u202fms") - 10.0, abs=0.06)


def heals_it_with_one_line_a_gate(page: Page) -> None:
    chosen(page, "gate_pad", "32")
    assert "Knobs were turned since run 1" in page.locator(".stale").inner_text()
    assert figure(page, "Traffic") == "8\u202f×"  # until it is run
    run(page)
    assert figure(page, "Traffic") == "1\u202f×"
    assert page.locator("[data-figure=cache] .il-cm-past").count() == 0
    assert "too late" in page.locator("h1").inner_text()  # the weights still take their time
    undo(page)
    assert page.is_checked("[data-control=gate_pad][value='0']")
    chosen(page, "gate_pad", "32")


def meets_the_deadline(page: Page) -> None:
    planned(page, *SRAM[:2])
    run(page)
    assert page.locator(".failure").is_hidden()
    assert gauge(page, "frame") < 100.0
    assert page.locator("tr.best-run").get_attribute("data-run") == "3"


def overflows_the_sram(page: Page) -> None:
    press(page, "hidden", "End")
    planned(page, *SRAM[2:4])
    run(page)
    assert "Over the SRAM" in failure(page)
    over = number(failure(page), r"it is ([\d.]+)\skB over")
    row = page.locator("[data-run='4']").inner_text().replace("\u202f", " ")
    assert f"SRAM overflow, {over:g} kB over" in row
    assert gauge(page, "sram") > 100.0
    undo(page)
    assert not page.is_checked(f"[data-plan='sram:{SRAM[2]}']")
    assert page.locator(".knob-stops:has([data-control=hidden]) output").inner_text() == "128"
    run(page)
    assert page.locator(".failure").is_hidden()


def proposes_a_layout(page: Page) -> None:
    """Until next to nothing of the frame is wasted: a line between the gates, one kernel, whole words."""
    share, time = page.locator("[data-limit=overhead]"), page.locator("[data-limit=time]")
    assert share.get_attribute("data-under") == time.get_attribute("data-under") == "false"
    chosen(page, "gate_pad", "32")
    assert time.get_attribute("data-under") == "true"
    assert share.get_attribute("data-under") == "false"  # the gate sums are still spilled
    after_view(page, lambda: page.check("[data-control=fused]"))
    chosen(page, "load_width", "4")
    assert share.get_attribute("data-under") == "true"


def judged(page: Page, question: str) -> tuple[str | None, str]:
    verdict = page.locator(f"[data-question={question}] .verdict")
    return verdict.get_attribute("data-right"), verdict.inner_text()


def decides_on_the_milliwatt(page: Page) -> None:
    """A smaller network does not help: only another chip or another specification does."""
    page.fill("input[name=time]", page.locator("[data-limit=time] b").inner_text().split()[0])
    page.check("input[name=moved][value=gate_pad]")
    page.check("input[name=milliwatt][value=smaller]")
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)
    assert judged(page, "time")[0] == judged(page, "moved")[0] == "true"
    right, feedback = judged(page, "milliwatt")
    assert right == "false"
    assert "never the floor" in feedback
    page.check("input[name=milliwatt][value=chip]")
    defended(page)
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")


def test_a_learner_fits_the_largest_network_into_its_hop(browser: Browser, lab: Lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(context, page)
    to_lock(page, lab.url, "tiny-pioneer", 2)
    sees_nothing_before_the_lock(
        page, watch, "svg[role=img], circle.il-red, [data-control], [data-part]", WORKBENCH
    )
    predict_a_gain(page)
    sees_the_aliasing(page)
    heals_it_with_one_line_a_gate(page)
    meets_the_deadline(page)
    overflows_the_sram(page)
    next_step(page, "reveal")
    assert 0.0 < number(page.locator(".score-big b").inner_text(), r"([\d.]+)") < 100.0
    next_step(page, "reflect")
    proposes_a_layout(page)
    decides_on_the_milliwatt(page)
    assert page.locator("table.runs tbody tr").count() == 5
    watch.assert_stayed_home(lab.url)
    context.close()


def test_every_beat_of_the_gain_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    to_lock(page, lab.url, "tiny-pioneer", 2)
    examine()
    predict_a_gain(page)
    examine()
    run(page)
    for name in page.locator("[data-tab]:visible").evaluate_all(
        "all => all.map(tab => tab.dataset.tab)"
    ):
        tab(page, name)
        examine()
    planned(page, *SRAM[:4])
    run(page)
    press(page, "hidden", "End")
    run(page)
    examine()
    next_step(page, "reveal")
    examine()
    next_step(page, "reflect")
    examine()


def test_every_beat_of_the_ratio_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    take_track(page, lab.url)
    examine()
    next_step(page, "lock")
    examine()
    predict(page)
    examine()
    for name in ("cache", "curve"):
        tab(page, name)
        page.locator(f"[data-figure={name}] .il-stage").focus()
        page.keyboard.press("ArrowRight")
        for tool in ("peek", "table"):
            page.locator(f"[data-figure={name}] [data-tool={tool}]").click()
        examine()
    page.locator(".assumptions summary").click()
    page.locator(".power [data-tool=table]").click()
    for matrix in SRAM:
        kept(page, matrix)
    assert page.locator("[data-tab=cache]:visible").count() == 0  # nothing passes the cache
    press(page, "hidden", "End")
    assert "does not fit" in page.locator(".infeasible").inner_text()
    examine()
    next_step(page, "reveal")
    examine()
    next_step(page, "reflect")
    examine()
