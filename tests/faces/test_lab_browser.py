"""A learner in a real browser, over a real server: Part 1 of Cloud Titan from the first page to the ledger."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from learner import Watch, after_view, at, gauge, next_step, press, red_dot

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from learner import Lab, Look

pytestmark = pytest.mark.browser

SENTENCE = "The bus carries copies of the cache, many bytes for each one that is needed."


def take_track(page: Page, url: str) -> None:
    page.goto(url)
    at(page, "tracks")
    page.get_by_role("button", name="Cloud Titan").click()
    at(page, "story")


def to_lock(page: Page, url: str) -> None:
    take_track(page, url)
    next_step(page, "lock")


def predict(page: Page, option: str, share: str) -> None:
    page.check(f"input[name=slope][value={option}]")
    page.fill("input[name=share]", share)
    page.click("form[data-form=lock] button[type=submit]")


def step_time(page: Page) -> str:
    return page.locator(".il-law-total").inner_text()


def test_a_learner_completes_part_1(browser: Browser, lab: Lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(context, page)
    to_lock(page, lab.url)
    cannot_see_the_workbench_before_the_lock(page, watch)
    commits_after_a_mistake(page)
    cannot_change_the_commitment(page, lab)
    turns_the_machine_s_knobs(page)
    sees_the_measured_view(page)
    picks_another_layer(page)
    next_step(page, "reveal")
    reads_the_feedback_for_that_answer(page)
    next_step(page, "reflect")
    defends_with_wrong_and_then_right_evidence(page)
    next_step(page, "ledger")
    finds_every_beat_in_the_ledger(page, lab)
    goes_on_to_part_2(page)
    watch.assert_stayed_home(lab.url)
    context.close()


def cannot_see_the_workbench_before_the_lock(page: Page, watch: Watch) -> None:
    assert page.get_by_role("button", name="Workbench").count() == 0
    assert page.locator("svg[role=img], circle.il-red").count() == 0
    received = "".join(watch.frames)
    assert '"questions":' in received
    for key in ("roofline", "gauges", "kernels", "law"):
        assert f'"{key}":' not in received


def commits_after_a_mistake(page: Page) -> None:
    predict(page, "larger_batch", "135")
    page.wait_for_selector("[data-question=share] [role=alert], [data-question=share] .problem")
    assert page.input_value("input[name=share]") == "135"
    assert page.is_checked("input[name=slope][value=larger_batch]")
    predict(page, "larger_batch", "35")
    at(page, "workbench")


def cannot_change_the_commitment(page: Page, lab: Lab) -> None:
    page.get_by_role("button", name="Lock").click()
    at(page, "lock")
    assert page.locator("form[data-form=lock] button[type=submit]").count() == 0
    assert not page.locator("input[name=slope][value=no]").is_enabled()
    page.reload()
    at(page, "workbench")
    assert [kind for kind, _ in lab.events()] == ["start", "read", "predict", "lock"]
    assert lab.events()[2][1]["answers"] == {"slope": "larger_batch", "share": 35}


def turns_the_machine_s_knobs(page: Page) -> None:
    start_dot, start_time = red_dot(page), step_time(page)
    press(page, "peak_scale", "ArrowRight", 2)
    assert step_time(page) == start_time
    press(page, "bandwidth_scale", "ArrowRight", 2)
    assert step_time(page) != start_time
    assert red_dot(page)[1] < start_dot[1] - 2.0
    press(page, "bandwidth_scale", "ArrowLeft", 2)
    press(page, "peak_scale", "ArrowLeft", 2)
    assert red_dot(page) == start_dot
    assert step_time(page) == start_time


def sees_the_measured_view(page: Page) -> None:
    on_the_roof = red_dot(page)
    assert page.locator(".il-ghost").count() == 0
    after_view(page, lambda: page.check("[data-control=profiler]"))
    assert red_dot(page)[1] > on_the_roof[1] + 2.0
    assert page.locator(".il-ghost").count() == 1


def picks_another_layer(page: Page) -> None:
    claim = page.locator("h1").inner_text()
    after_view(page, lambda: page.select_option("[data-control=layer]", "feed-forward up"))
    assert page.locator("h1").inner_text() != claim
    after_view(page, lambda: page.select_option("[data-control=layer]", "attention"))
    assert page.locator("h1").inner_text() == claim


def reads_the_feedback_for_that_answer(page: Page) -> None:
    text = page.locator("main").inner_text()
    assert "The universal batch" in text
    assert "Batching raises the intensity of layers that share their weights" in text
    assert "you said 35" in text
    assert "−0.0" not in text  # twice the arithmetic changes nothing: no sign


def defends_with_wrong_and_then_right_evidence(page: Page) -> None:
    raw, useful = gauge(page, "mbu_raw"), gauge(page, "mbu_useful")
    note = page.locator("[data-gauge=mbu_useful]").inner_text()
    moved = re.search(r"([\d.]+) bytes moved", note)
    assert moved is not None, note
    page.check("input[name=constraint][value=BW_mem]")
    page.fill("input[name=mbu_raw]", f"{useful}")
    page.check("input[name=kernel][value='expand_k+expand_v']")
    page.fill("input[name=amplification]", moved[1])
    page.fill("textarea[name=sentence]", SENTENCE)
    page.click("form[data-form=reflect] button[type=submit]")
    page.wait_for_selector("[data-question=mbu_raw] .verdict")
    assert "That is the useful MBU" in page.locator("[data-question=mbu_raw] .verdict").inner_text()
    assert page.get_by_role("button", name="To the ledger").count() == 0
    page.fill("input[name=mbu_raw]", f"{raw}")
    page.click("form[data-form=reflect] button[type=submit]")
    page.get_by_role("button", name="To the ledger").wait_for()


def finds_every_beat_in_the_ledger(page: Page, lab: Lab) -> None:
    kinds = [kind for kind, _ in lab.events()]
    assert kinds.count("act") >= 6
    assert [kind for kind in kinds if kind != "act"] == [
        "start", "read", "predict", "lock", "reveal", "read", "reflect", "reflect", "decide",
    ]  # fmt: skip
    assert page.locator("main table tbody tr").count() == len(kinds)
    first, second = (payload for kind, payload in lab.events() if kind == "reflect")
    assert not first["verdicts"]["mbu_raw"]["right"]
    assert all(verdict["right"] for verdict in second["verdicts"].values())


def goes_on_to_part_2(page: Page) -> None:
    next_step(page, "story")
    assert "Part 2" in page.locator("header").inner_text()
    states = page.locator("header .parts li").evaluate_all("all => all.map(li => li.dataset.state)")
    assert states[:2] == ["done", "now"]
    next_step(page, "lock")
    assert page.locator("form[data-form=lock]").count() == 1


def test_every_beat_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    page.goto(lab.url)
    at(page, "tracks")
    examine()
    page.get_by_role("button", name="Cloud Titan").click()
    at(page, "story")
    examine()
    next_step(page, "lock")
    examine()
    predict(page, "in_proportion", "90")
    at(page, "workbench")
    after_view(page, lambda: page.check("[data-control=profiler]"))
    for name in ("Math Peek", "Table"):
        page.get_by_role("button", name=name).click()
    examine()
    next_step(page, "reveal")
    examine()
    next_step(page, "reflect")
    page.check("input[name=constraint][value=R_peak]")
    page.fill("input[name=mbu_raw]", "3")
    page.check("input[name=kernel][value=softmax]")
    page.fill("input[name=amplification]", "2")
    page.fill("textarea[name=sentence]", SENTENCE)
    page.click("form[data-form=reflect] button[type=submit]")
    page.wait_for_selector("[data-question=constraint] .verdict")
    examine()


def test_a_mission_goes_on_in_a_new_window_and_starts_over_without_losing_the_old(
    browser: Browser, lab: Lab
):
    context = browser.new_context()
    page = context.new_page()
    to_lock(page, lab.url)
    predict(page, "no", "80")
    at(page, "workbench")
    page.close()
    page = context.new_page()
    page.goto(lab.url)
    at(page, "workbench")
    events = lab.events()
    context.close()
    # another learner, in another browser profile, has a mission of their own
    other = browser.new_context()
    page = other.new_page()
    page.goto(lab.url)
    at(page, "tracks")
    assert lab.events() == events
    other.close()


def test_an_engine_that_goes_away_is_said_aloud_and_nothing_typed_is_lost(
    browser: Browser, tmp_path: Path
):
    command = [sys.executable, "-m", "ironlaw", "lab", "--no-browser", "--data-dir", str(tmp_path)]
    process = subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    url = process.stdout.readline().split()[2]
    port = url.rstrip("/").split(":")[-1]
    context = browser.new_context()
    page = context.new_page()
    to_lock(page, url)
    page.fill("input[name=share]", "42")
    process.terminate()
    process.wait(10)
    process.stdout.close()
    page.wait_for_selector("text=/does not answer/")
    again = subprocess.Popen([*command, "--port", port], stdout=subprocess.PIPE, text=True)
    assert again.stdout is not None
    again.stdout.readline()
    page.wait_for_selector("text=/does not answer/", state="hidden", timeout=20_000)
    assert page.input_value("input[name=share]") == "42"
    predict(page, "no", "42")
    at(page, "workbench")
    context.close()
    again.terminate()
    again.wait(10)
    again.stdout.close()
