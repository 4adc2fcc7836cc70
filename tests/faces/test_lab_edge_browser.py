"""A learner in a real browser: Edge Guardian, from the track's card to the ledger, over cases of different causes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edge_learner import SEEDS, SENTENCE, at_verdict, right
from learner import Watch, after_view, at, defended, locked, next_step, run, to_lock

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from learner import Lab, Look

pytestmark = pytest.mark.browser

BOXES, PREEMPTED = SEEDS["nms_box_explosion"], SEEDS["cpu_preempt_or_gc"]


TRACES = Path(__file__).parents[3] / "shared/traces"
FEWER = 14  # fusions before this one are turned off for a run that is late
OWN = TRACES / "cases/c04_page_fault.pt.trace.json.gz"


def to_case(page: Page, url: str, seed: int, part: int = 1) -> None:
    to_lock(page, url, "edge-guardian", part, seed)


def predict(page: Page) -> None:
    page.check("input[name=slope][value=a_little]")
    for cause in ("alloc_flush", "emc_or_dvfs_throttle"):
        page.check(f"input[name=causes][value={cause}]")
    page.fill("input[name=hours]", "1")
    locked(page)


def look_at(page: Page, event: str) -> None:
    after_view(page, lambda: page.click(f"[data-event={json.dumps(event)}]"))


def looked_at(page: Page) -> str:
    return page.input_value("[data-control=event]")


def accuse(page: Page, verdict: dict) -> None:
    for question in ("event", "stage", "cause", "fix"):
        page.check(f"input[name={question}][value={json.dumps(verdict[question])}]")
    for box in page.locator("input[name=evidence]").all():
        box.set_checked(box.get_attribute("value") in verdict["evidence"])
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)


def judged(page: Page, question: str) -> str | None:
    return page.locator(f"[data-question={question}] .verdict").get_attribute("data-right")


def cannot_see_the_case_before_the_lock(page: Page, watch: Watch, truth: dict) -> None:
    assert page.get_by_role("button", name="Workbench").count() == 0
    assert page.locator("[data-event], [data-slice], [data-spike]").count() == 0
    received = "".join(watch.frames)
    assert '"questions":' in received
    for key in ("lanes", "spikes", "bins", "events_table", "evidence", "closing", "roofline"):
        assert f'"{key}":' not in received
    assert truth["event"] not in received


def must_pick_causes(page: Page) -> None:
    page.check("input[name=slope][value=a_little]")
    page.fill("input[name=hours]", "1")
    page.click("form[data-form=lock] button[type=submit]")
    assert "Pick at least one" in page.locator("[data-question=causes] .problem").inner_text()
    page.check("input[name=causes][value=alloc_flush]")
    assert page.locator("[data-question=causes] .problem").inner_text() == ""
    page.reload()
    at(page, "lock")
    assert page.is_checked("input[name=causes][value=alloc_flush]")  # a draft is kept


def looks_at_the_late_frame(page: Page) -> None:
    late = page.input_value("[data-control=frame]")
    assert page.locator(f"[data-spike='{late}']").count() == 1
    counted = page.locator("[data-bin]").evaluate_all(
        "all => all.reduce((sum, bin) => sum + Number(bin.dataset.bin), 0)"
    )
    assert counted == 300
    assert page.locator("[data-late]").count() >= 2
    event = page.locator("[data-event]").nth(7).get_attribute("data-event") or ""
    look_at(page, event)
    assert looked_at(page) == event
    assert page.locator(".il-ln-picked").count() >= 1
    page.click("[data-zoom=event]")
    assert page.locator("[data-zoom=whole]").get_attribute("aria-pressed") == "false"
    look_at(page, event)
    assert looked_at(page) == "none"


def moves_by_keyboard_alone(page: Page) -> None:
    late = page.input_value("[data-control=frame]")
    after_view(page, lambda: page.select_option("[data-control=frame]", "0"))
    assert "as a frame usually does" in page.locator("h1").inner_text()
    page.locator(".il-fr-stage").focus()
    page.keyboard.press("Home")
    assert f"Frame {late}" in (page.locator(".il-fr-stage + .il-sr").text_content() or "")
    after_view(page, lambda: page.keyboard.press("Enter"))
    assert page.input_value("[data-control=frame]") == late
    page.locator(".il-ln-stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    said = page.locator(".il-ln-stage + .il-sr").text_content() or ""
    after_view(page, lambda: page.keyboard.press("Enter"))
    assert looked_at(page) != "none"
    assert said.split(".")[0] in page.locator("[data-control=event] option:checked").inner_text()


def sees_what_each_cause_can_add(page: Page) -> None:
    rows = page.locator(".several .answer")
    assert rows.count() == 6
    assert rows.nth(2).get_attribute("data-right") == "false"  # throttling alone cannot make it
    assert "at most" in rows.nth(2).inner_text()


@pytest.mark.parametrize(("seed", "decoy"), [(PREEMPTED, True), (BOXES, False)])
def test_a_learner_accuses_and_is_scored(browser: Browser, lab: Lab, seed: int, decoy: bool):
    truth = right(seed, at_verdict(seed))
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(context, page)
    to_case(page, lab.url, seed)
    cannot_see_the_case_before_the_lock(page, watch, truth)
    must_pick_causes(page)
    predict(page)
    looks_at_the_late_frame(page)
    moves_by_keyboard_alone(page)
    next_step(page, "reveal")
    sees_what_each_cause_can_add(page)
    next_step(page, "reflect")
    if decoy:
        accuses_the_decoy(page, truth)
    accuse(page, truth)
    page.locator(".score-total").wait_for()
    total = int(page.locator(".score-total b").inner_text())
    assert total == (90 if decoy else 100)
    assert page.locator(".auditor").inner_text() != ""
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")
    assert "Chain verified" in page.locator(".badge").inner_text()
    assert page.locator("table.events tbody tr").count() == len(lab.events())
    watch.assert_stayed_home(lab.url)
    context.close()


def accuses_the_decoy(page: Page, truth: dict) -> None:
    """What is latest in the table: it only waited for what came before it."""
    suspects = page.locator("input[name=event]").evaluate_all("all => all.map(one => one.value)")
    shown = page.locator("[data-event]").evaluate_all("all => all.map(one => one.dataset.event)")
    decoy = next(one for one in shown if one in suspects and one != truth["event"])
    accuse(page, {**truth, "event": decoy, "evidence": truth["evidence"][:1]})
    assert judged(page, "event") == "false"
    assert judged(page, "stage") == "true"
    assert page.locator(".score-total").count() == 0
    assert page.locator(".closing .bars li").count() == 3  # the case was run again with the fix
    assert page.get_by_role("button", name="To the ledger").count() == 0


def test_every_beat_of_the_audit_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    to_case(page, lab.url, PREEMPTED)
    examine()
    predict(page)
    page.locator(".il-ln-stage").focus()
    page.keyboard.press("ArrowRight")
    for words in ("Math Peek", "Table"):
        page.get_by_role("button", name=words).first.click()
    page.click("[data-action=all-events]")
    examine()
    for tab in ("roofline", "facts"):
        page.click(f"[data-tab={tab}]")
    examine()
    next_step(page, "reveal")
    examine()
    next_step(page, "reflect")
    examine()
    truth = right(PREEMPTED, at_verdict(PREEMPTED))
    accuse(page, {**truth, "event": "all kernels"})
    examine()
    accuse(page, truth)
    page.locator(".score-total").wait_for()
    examine()


@pytest.mark.skipif(not OWN.exists(), reason="the recorded traces are not part of the package")
def test_a_trace_of_ones_own_is_looked_at_and_left_again(browser: Browser, lab: Lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(context, page)
    to_case(page, lab.url, BOXES)
    predict(page)
    case = page.locator("h1").inner_text()
    after_view(page, lambda: page.set_input_files("#trace-file", OWN))
    assert OWN.name in page.locator(".source").inner_text()
    assert page.locator("h1").inner_text() != case
    assert page.locator("[data-spike]").count() >= 3
    assert (
        "aten::fill_" in page.locator(".auditor").inner_text()
    )  # what the truth of the case names
    look_at(page, page.locator("[data-event]").nth(1).get_attribute("data-event") or "")
    assert looked_at(page) != "none"
    after_view(page, lambda: page.click("[data-action=case]"))
    assert page.locator("h1").inner_text() == case
    assert not page.locator(".source").is_visible()
    watch.assert_stayed_home(lab.url)
    context.close()


def test_a_file_that_is_no_trace_is_refused_beside_the_picker(browser: Browser, lab: Lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    to_case(page, lab.url, BOXES)
    predict(page)
    case = page.locator("h1").inner_text()
    file = {"name": "notes.json", "mimeType": "application/json", "buffer": b"hello"}
    page.set_input_files("#trace-file", file)
    problem = page.locator(".drop-zone .problem:not(:empty)")
    problem.wait_for()
    assert "notes.json" in problem.inner_text()
    assert page.locator("h1").inner_text() == case
    context.close()


def fuse(page: Page) -> None:
    page.check("form[data-form=lock] input[type=radio] >> nth=0")
    page.fill("form[data-form=lock] input[inputmode=decimal]", "30")
    locked(page)


def turned(page: Page, control: str, value: str) -> None:
    after_view(page, lambda: page.select_option(f"[data-control={control}]", value))


def late_frames_fail_a_run(page: Page) -> None:
    """Without the fusions of a few convolutions the network is past the deadline."""
    for fusion in page.locator("[data-fusion]").all()[4:FEWER]:
        if fusion.is_checked() and fusion.get_attribute("aria-disabled") != "true":
            after_view(page, fusion.uncheck)
    run(page)
    assert "Deadline missed" in page.locator(".failure").inner_text()
    assert "deadline missed" in page.locator("[data-run='2']").inner_text()
    assert page.locator(".il-fr-past").count() >= 1  # the frames are shown all the same
    after_view(page, lambda: page.click("[data-action=undo]"))
    assert page.locator("[data-fusion]").nth(4).is_checked()  # as it was in run 1


@pytest.mark.parametrize("seed", [PREEMPTED, BOXES])
def test_a_learner_fuses_the_frame_until_none_is_late(browser: Browser, lab: Lab, seed: int):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(context, page)
    to_case(page, lab.url, seed, part=2)
    assert '"frames":' not in "".join(watch.frames)
    fuse(page)
    assert not page.locator(".il-fr").first.is_visible()
    run(page)
    assert page.locator("[data-tab=frames]").get_attribute("aria-selected") == "true"
    assert page.locator("[data-bin]").count() >= 3
    late_frames_fail_a_run(page)
    after_view(page, lambda: page.check("[data-control=level][value=full]"))
    turned(page, "pool", "static")
    turned(page, "launch", "graph")
    run(page)
    next_step(page, "reveal")
    assert page.locator(".score-big b").inner_text() == "100\u202f%"
    next_step(page, "reflect")
    for control in ("launch", "level"):
        value = {"launch": "graph", "level": "full"}[control]
        after_view(page, lambda c=control, v=value: page.check(f"[data-control={c}][value={v}]"))
    share = page.locator("[data-limit=overhead] b").inner_text().rstrip("%\u202f ")
    page.fill("input[name=overhead]", share)
    page.check("input[name=moved][value=launch]")
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")
    assert page.locator("table.runs tbody tr").count() == 3
    watch.assert_stayed_home(lab.url)
    context.close()


def test_every_beat_of_the_fusion_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    to_case(page, lab.url, BOXES, part=2)
    examine()
    fuse(page)
    run(page)
    examine()
    late_frames_fail_a_run(page)
    examine()
    next_step(page, "reveal")
    examine()
    next_step(page, "reflect")
    examine()
