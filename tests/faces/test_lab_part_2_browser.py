"""A learner in a real browser: Part 2 of Cloud Titan, for who joins there, from the track's card to the ledger."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from ironlaw.explore.fusion_search import best_of_batches
from ironlaw.lab.tracks.cloud_fusion import BATCHES, asked
from learner import (
    Watch,
    after_view,
    at,
    defended,
    gauge,
    locked,
    next_step,
    press,
    run,
    sent,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from learner import Lab, Look

pytestmark = pytest.mark.browser

SENTENCE = "Tiles changed the kernels; only the captured graph took the waiting for the host away."


def to_part_2(page: Page, url: str) -> None:
    page.goto(url)
    at(page, "tracks")
    page.get_by_role("button", name="Start at Part 2").first.click()
    at(page, "story")
    next_step(page, "lock")


def predict(page: Page) -> None:
    page.check("form[data-form=lock] input[type=radio] >> nth=0")
    page.fill("form[data-form=lock] input[inputmode=decimal]", "30")
    locked(page)


def level(page: Page, name: str) -> None:
    after_view(page, lambda: page.check(f"[data-control=level][value={name}]"))


def launches(page: Page) -> int:
    """Launches a step of what would run next."""
    return int(page.locator(".il-fg-total b").inner_text().split()[0].replace(",", ""))


def bytes_left(page: Page) -> str:
    return page.locator(".il-wf [data-value=after]").text_content() or ""


def operations(page: Page) -> list[str]:
    """Before and after."""
    return page.locator(".il-wf [data-operations]").all_text_contents()


def runs_left(page: Page) -> int:
    return int(page.locator(".runs-left").inner_text().split()[0])


def test_a_learner_completes_part_2(browser: Browser, lab: Lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(context, page)
    to_part_2(page, lab.url)
    cannot_see_the_workbench_before_the_lock(page, watch)
    predict(page)
    page.reload()
    at(page, "workbench")
    sees_no_answer_before_the_first_run(page)
    moves_the_bytes_and_never_the_operations(page)
    runs_out_of_memory_and_goes_back(page)
    is_refused_an_eleventh_run(page, lab)
    next_step(page, "reveal")
    sees_the_optimum_of_the_engine(page)
    next_step(page, "reflect")
    defends_after_a_refusal(page)
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")
    finds_ten_runs_in_the_ledger(page, lab)
    watch.assert_stayed_home(lab.url)
    context.close()


def cannot_see_the_workbench_before_the_lock(page: Page, watch: Watch) -> None:
    assert page.get_by_role("button", name="Workbench").count() == 0
    assert page.locator("[data-fusion], [data-action=run], svg[role=img]").count() == 0
    received = "".join(watch.frames)
    assert '"questions":' in received
    for key in ("graph", "fusions", "waterfall", "runs", "controls", "gauges", "score", "gemms"):
        assert f'"{key}":' not in received


def sees_no_answer_before_the_first_run(page: Page) -> None:
    assert page.locator("form[data-form=lock]").count() == 0  # the reload did not undo the lock
    assert page.locator("[data-action=next]").count() == 0
    assert not page.locator(".il-wf, [data-gauge]").first.is_visible()
    assert page.locator("[data-fusion]").count() > 20
    assert runs_left(page) == 10


def moves_the_bytes_and_never_the_operations(page: Page) -> None:
    run(page)
    before, work = bytes_left(page), operations(page)
    assert len(work) == 2
    assert work[0] == work[1]
    apart = launches(page)
    after_view(page, lambda: page.check("[data-fusion=attention]"))
    assert launches(page) < apart  # the graph answers at once
    assert bytes_left(page) == before  # the instruments do not
    assert "Knobs were turned since run 1" in page.locator(".stale").inner_text()
    run(page)
    assert bytes_left(page) != before
    assert operations(page) == work
    assert page.locator(".stale").inner_text() == ""
    assert runs_left(page) == 8
    after_view(page, lambda: page.uncheck("[data-fusion=attention]"))
    assert launches(page) == apart


def runs_out_of_memory_and_goes_back(page: Page) -> None:
    before = page.input_value("[data-control=batch]")
    level(page, "none")
    press(page, "batch", "End")
    run(page)
    told = page.locator(".failure").inner_text()
    over = re.search(r"([\d.]+)\s*GB over", told)
    assert over is not None, told
    assert f"{over[1]}\u202fGB over" in page.locator("[data-run='3']").inner_text()
    assert gauge(page, "memory") > 100.0
    assert not page.locator(".il-wf").is_visible()
    after_view(page, lambda: page.click("[data-action=undo]"))
    assert page.input_value("[data-control=batch]") == before
    assert page.is_checked("[data-fusion=attention]")  # as it was in run 2
    assert runs_left(page) == 7  # a failed run counts, going back does not


def is_refused_an_eleventh_run(page: Page, lab: Lab) -> None:
    level(page, "full")
    after_view(page, lambda: page.check("[data-control=phase][value=prefill]"))
    run(page)
    after_view(page, lambda: page.check("[data-control=phase][value=decode]"))
    while runs_left(page) > 0:
        press(page, "batch", "ArrowRight" if runs_left(page) > 5 else "ArrowLeft")
        run(page)
    assert page.locator("[data-action=run]").get_attribute("aria-disabled") == "true"
    page.click("[data-action=run]", force=True)
    assert sent(page, {"type": "run"})["type"] == "error"
    assert [kind for kind, _ in lab.events()].count("run") == 10


def sees_the_optimum_of_the_engine(page: Page) -> None:
    best = best_of_batches(asked("decode"), BATCHES)
    shown = f"{100.0 * float(best.value):.3g}\u202f%"
    assert page.locator(".sc-optimum-label").text_content() == f"optimum {shown}"
    assert f"{best.cuts:,}" in page.locator(".score-big").inner_text()
    ratio = float(page.locator(".score-big b").inner_text().split("\u202f")[0])
    assert 0.0 < ratio <= 100.0
    heights = page.locator(".sc-dot").evaluate_all(
        "all => all.map(dot => Number(dot.getAttribute('cy')))"
    )
    assert len(heights) == 8  # one of the ten did not fit, one was prefill
    assert page.locator(".sc-failed").count() == 1
    assert min(heights) >= float(page.locator(".sc-optimum").get_attribute("y1") or "nan")


def overhead(page: Page) -> float:
    """What a learner reads off the panel, in percent."""
    return float(page.locator("[data-limit=overhead] b").inner_text().rstrip("%\u202f "))


def defend(page: Page, share: float) -> None:
    page.fill("input[name=overhead]", f"{share}")
    page.check("input[name=moved][value=launch]")
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)


def defends_after_a_refusal(page: Page) -> None:
    defend(page, overhead(page))  # as it was found: read well, over the threshold
    assert page.locator("[data-question=overhead] .verdict").get_attribute("data-right") == "false"
    assert page.get_by_role("button", name="To the ledger").count() == 0
    assert page.locator("[data-limit=overhead]").get_attribute("data-under") == "false"
    after_view(page, lambda: page.check("[data-control=launch][value=graph]"))
    for control in ("tile", "split_k"):
        after_view(
            page, lambda control=control: page.select_option(f"[data-control={control}]", index=0)
        )
    assert page.locator("[data-limit=overhead]").get_attribute("data-under") == "true"
    defend(page, overhead(page))
    page.get_by_role("button", name="To the ledger").wait_for()


def finds_ten_runs_in_the_ledger(page: Page, lab: Lab) -> None:
    assert page.locator("table.runs tbody tr").count() == 10
    assert page.locator("table.events tbody tr").count() == len(lab.events())
    assert "Chain verified" in page.locator(".badge").inner_text()


def test_every_beat_of_part_2_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    to_part_2(page, lab.url)
    examine()
    predict(page)
    examine()
    run(page)
    for name in ("Math Peek", "Table"):
        page.get_by_role("button", name=name).first.click()
    page.hover("[data-fusion=attention]")
    examine()
    page.click("[data-tab=roofline]")
    examine()
    level(page, "none")
    press(page, "batch", "End")
    run(page)
    examine()
    next_step(page, "reveal")
    page.get_by_text("All runs").click()
    examine()
    next_step(page, "reflect")
    for words in ("The GEMMs, tile by tile", "Math Peek"):
        page.get_by_text(words, exact=True).click()
    defend(page, 1.0)
    examine()


def test_the_fusion_graph_is_turned_by_keyboard_alone_and_says_why_it_refuses(
    browser: Browser, lab: Lab
):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    to_part_2(page, lab.url)
    predict(page)
    level(page, "none")
    apart = launches(page)
    attention = page.locator("[data-fusion=attention]")
    attention.focus()
    assert page.locator(".il-fg-preview path").count() >= 1  # what it would join is outlined
    after_view(page, lambda: page.keyboard.press("Space"))
    assert launches(page) < apart
    assert page.evaluate("document.activeElement.dataset.fusion") == "attention"
    closed = page.locator("[data-fusion][aria-disabled=true]").first
    what, why = (closed.get_attribute("aria-describedby") or "").split()
    assert ": " in (page.locator(f"#{what}").text_content() or "")  # what it joins
    assert page.locator(f"#{why}").text_content() != ""
    on = closed.is_checked()
    closed.focus()
    page.keyboard.press("Space")
    assert closed.is_checked() == on
    context.close()
