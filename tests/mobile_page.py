"""A learner of Mobile Nomad in a browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from learner import after_view, locked, sees_nothing_before_the_lock, to_lock
from mobile_learner import ALGORITHM, FUSION, HEAT

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from learner import Watch

TRACK = "mobile-nomad"
WORKBENCH = (
    "thermal",
    "energy",
    "joules",
    "assumptions",
    "plan",
    "controls",
    "gauges",
    "runs",
    "challenge",
    "round",
    "curve",
)
PLACES = (
    "[data-tab], [data-control], [data-plan], [data-assumption], .il-th, .il-roofline, [data-gauge], "
    "[data-action=run], [data-action=prove]"
)
PREFIX = {"": 1.0, "m": 1e-3, "µ": 1e-6}


def predict(page: Page, answers: dict) -> None:
    for question, answer in answers.items():
        if isinstance(answer, str):
            page.check(f"input[name={question}][value={answer}]")
        else:
            page.fill(f"input[name={question}]", f"{answer:g}")
    locked(page)


def at_work(page: Page, url: str, part: int) -> None:
    to_lock(page, url, TRACK, part)
    predict(page, {1: HEAT, 2: FUSION, 3: ALGORITHM}[part])


def chosen(page: Page, control: str, value: str) -> None:
    """Choose an option, of a list or of a row of buttons."""
    listed = page.locator(f"select[data-control={control}]")
    if listed.count():
        after_view(page, lambda: listed.select_option(value))
    else:
        after_view(page, lambda: page.check(f"[data-control={control}][value='{value}']"))


def cannot_see_the_workbench_before_the_lock(page: Page, watch: Watch) -> None:
    sees_nothing_before_the_lock(page, watch, PLACES, WORKBENCH)


def watts(text: str) -> float:
    found = re.search(r"([\d.,]+)\s([mµ]?)W", text)
    assert found is not None, text
    return float(found[1].replace(",", "")) * PREFIX[found[2]]


def judged(page: Page, question: str) -> str | None:
    return page.locator(f"[data-question={question}] .verdict").get_attribute("data-right")
