"""A learner in a real browser: Part 1 of Mobile Nomad, from the lock to the ledger."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from ironlaw.lab.tracks.mobile_heat_story import seconds
from learner import (
    Watch,
    after_view,
    at,
    defended,
    gauge,
    next_step,
    press,
    to_lock,
)
from mobile_learner import HEAT, SENTENCE
from mobile_page import TRACK, cannot_see_the_workbench_before_the_lock, judged, predict, watts

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from learner import Lab, Look

pytestmark = pytest.mark.browser


def figure(page: Page, label: str) -> str:
    """What a learner reads over the thermal trace."""
    return page.locator(".il-th-figures div", has_text=label).locator("b").inner_text()


def clock(text: str) -> float:
    """Seconds of a time such as 2 min 42 s."""
    parts = re.findall(r"(\d+)\s*(min|s)", text)
    assert parts, text
    return sum(int(count) * {"min": 60.0, "s": 1.0}[unit] for count, unit in parts)


def turned_to_the_end(page: Page, control: str, end: str, back: int = 0) -> None:
    """A slider at one of its ends, or some stops before it."""
    press(page, control, end)
    press(page, control, "ArrowLeft" if end == "End" else "ArrowRight", back)


def set_to(page: Page, control: str, shown: str) -> None:
    """Turn a slider, a stop at a time, until it says a value."""
    value = page.locator(f".knob:has([data-control={control}]) output")
    turned_to_the_end(page, control, "Home")
    for _ in range(40):
        if value.inner_text().replace("\u00a0", " ").strip("×\u202f ") == shown:
            return
        press(page, control, "ArrowRight")
    pytest.fail(f"{control} never says {shown}")


def test_a_learner_finds_out_why_the_temple_is_hot(page: Page, lab: Lab):
    watch = Watch(page.context, page)
    to_lock(page, lab.url, TRACK)
    cannot_see_the_workbench_before_the_lock(page, watch)
    predict(page, HEAT)
    page.reload()
    at(page, "workbench")
    assert page.locator("form[data-form=lock]").count() == 0  # the reload did not undo the lock
    sees_the_skin_reach_its_limit(page)
    reads_the_trace_by_keyboard(page)
    lets_the_governor_go(page)
    compares_a_room_with_a_warm_day(page)
    is_cooler_where_the_memory_is_slower(page)
    changes_what_nobody_has_measured(page)
    sees_the_arch_and_the_joules(page)
    next_step(page, "reveal")
    next_step(page, "reflect")
    defends_with_what_the_page_says(page)
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")
    assert "Chain verified" in page.locator(".badge").inner_text()
    assert page.locator("table.events tbody tr").count() == len(lab.events())
    watch.assert_stayed_home(lab.url)


def sees_the_skin_reach_its_limit(page: Page) -> None:
    page.click("[data-tab=thermal]")
    page.locator(".il-th rect.il-th-held").first.wait_for()
    assert clock(figure(page, "limit reached")) == pytest.approx(seconds(), abs=0.6)
    assert watts(figure(page, "sustained power")) == pytest.approx(1.50, rel=0.01)
    held = page.locator(".il-th rect.il-th-held")
    assert held.count() >= 1
    free = page.locator(".il-th rect[data-level]").first
    height = float(free.get_attribute("height") or "nan")
    assert float(held.first.get_attribute("height") or "nan") < height  # fewer frames are lower
    assert "held back" in page.locator("[data-figure=thermal] .il-legend").inner_text()


def reads_the_trace_by_keyboard(page: Page) -> None:
    stage = page.locator("[data-figure=thermal] .il-stage")
    stage.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    said = stage.locator(".il-sr").text_content() or ""
    assert "after 10" in said
    assert re.search(r"skin [\d.]+\s°C", said), said
    assert "its limit" in said
    assert "held back" in said
    page.get_by_role("button", name="Table").first.click()
    rows = page.locator("#thermal-table tbody tr")
    assert rows.count() >= 20
    assert "25" in rows.first.inner_text()  # it begins at the ambient
    page.get_by_role("button", name="Table").first.click()


def lets_the_governor_go(page: Page) -> None:
    after_view(page, lambda: page.uncheck("[data-control=governor]"))
    assert page.locator(".il-th rect.il-th-held").count() == 0
    label = page.locator(".il-th").get_attribute("aria-label") or ""
    skin = re.search(r"skin ([\d.]+)\s°C after 10", label)
    assert skin is not None, label
    assert float(skin[1]) > 50.0  # nothing holds it at its limit
    after_view(page, lambda: page.check("[data-control=governor]"))


def compares_a_room_with_a_warm_day(page: Page) -> None:
    """The air came nearer to the limit: less heat flows, and it is reached sooner."""
    room, after = watts(figure(page, "sustained power")), clock(figure(page, "limit reached"))
    set_to(page, "ambient", "35 °C")
    assert watts(figure(page, "sustained power")) == pytest.approx(0.667, rel=0.01)
    assert watts(figure(page, "sustained power")) < 0.5 * room
    assert clock(figure(page, "limit reached")) < after
    set_to(page, "ambient", "25 °C")
    assert watts(figure(page, "sustained power")) == room


def is_cooler_where_the_memory_is_slower(page: Page) -> None:
    hot = gauge(page, "power")
    assert hot > 100.0
    press(page, "bandwidth_scale", "ArrowLeft", 3)
    assert page.locator(".infeasible").is_visible()
    assert gauge(page, "frame") > 100.0
    assert gauge(page, "power") < hot
    press(page, "bandwidth_scale", "ArrowRight", 3)
    assert not page.locator(".infeasible").is_visible()
    assert gauge(page, "power") == hot


def changes_what_nobody_has_measured(page: Page) -> None:
    before = figure(page, "sustained power")
    page.click(".assumptions summary")
    row = page.locator("[data-assumption]:has([data-control=r_sa])")
    mark = row.locator(".changed")
    assert not mark.is_visible()
    assert row.locator(".source-of").inner_text() != ""
    press(page, "r_sa", "ArrowRight")
    assert mark.is_visible()
    assert watts(figure(page, "sustained power")) < watts(before)
    press(page, "r_sa", "ArrowLeft")
    assert not mark.is_visible()
    assert figure(page, "sustained power") == before
    page.click(".assumptions summary")


def sees_the_arch_and_the_joules(page: Page) -> None:
    page.click("[data-tab=energy]")
    page.locator("[data-figure=energy] circle.il-red").wait_for()
    arch = page.locator("[data-figure=energy] .il-roof-main").first.get_attribute("d") or ""
    heights = [float(y) for y in re.findall(r",([\d.]+)", arch)]
    assert len(heights) > 20  # an arch, no corner
    rises = [before - after for before, after in pairwise(heights)]
    assert min(rises) >= 0.0
    assert rises[0] > rises[-1]
    page.click("[data-tab=joules]")
    steps = page.locator("[data-figure=joules] [data-row]")
    steps.nth(3).wait_for()
    titles = page.locator("[data-figure=joules] .il-wf-title").all_text_contents()
    assert set(titles) == {"energy", "operations", "launches"}


def moved(page: Page) -> str:
    """The share of the joules that moves bytes, as the waterfall says it."""
    said = page.locator("[data-figure=joules] .il-key", has_text="moves bytes").inner_text()
    found = re.search(r"([\d.]+)\s%", said)
    assert found is not None
    return found[1]


def defends_with_what_the_page_says(page: Page) -> None:
    page.click("[data-tab=joules]")
    page.fill("input[name=moved]", moved(page))
    page.click("[data-tab=thermal]")
    page.fill("input[name=rate]", figure(page, "sustained rate").split("\u202f")[0])
    page.check("input[name=constraint][value=BW_mem]")
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)
    assert judged(page, "constraint") == "false"
    assert judged(page, "moved") == judged(page, "rate") == "true"
    page.check("input[name=constraint][value=e_mem]")
    defended(page)
    page.get_by_role("button", name="To the ledger").wait_for()


def test_every_beat_of_the_heat_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    to_lock(page, lab.url, TRACK)
    examine()
    predict(page, HEAT)
    page.click(".assumptions summary")
    examine()
    for tab in ("energy", "thermal", "joules"):
        page.click(f"[data-tab={tab}]")
        for words in ("Math Peek", "Table"):
            page.locator(f"[data-figure={tab}]").get_by_role("button", name=words).click()
        if tab == "thermal":
            page.locator("[data-figure=thermal] .il-stage").focus()
            page.keyboard.press("ArrowRight")
        examine()
    next_step(page, "reveal")
    examine()
    next_step(page, "reflect")
    page.check("input[name=constraint][value=R_peak]")
    page.fill("input[name=moved]", "50")
    page.fill("input[name=rate]", "60")
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)
    examine()
