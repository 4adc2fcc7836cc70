"""A learner in a real browser: Part 3 of Mobile Nomad, from the lock to the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ironlaw.lab.tracks.mobile_algorithm_proof import most_by_draft
from ironlaw.lab.tracks.mobile_algorithm_reveal import share
from learner import Watch, at, defended, gauge, handed_in, next_step, number, press, tab, to_lock
from mobile_learner import ALGORITHM, SENTENCE
from mobile_page import TRACK, cannot_see_the_workbench_before_the_lock, chosen, judged, predict

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from learner import Lab

pytestmark = pytest.mark.browser


def test_a_learner_doubles_the_words_for_a_joule(page: Page, lab: Lab):
    watch = Watch(page.context, page)
    to_lock(page, lab.url, TRACK, 3)
    cannot_see_the_workbench_before_the_lock(page, watch)
    predict(page, ALGORITHM)
    a_draft_alone_is_refused_with_its_number(page)
    too_many_experts_are_refused_with_their_bytes(page)
    all_three_are_accepted(page)
    next_step(page, "reveal")
    assert f"{share():.0f}" in page.locator("main").inner_text()
    next_step(page, "reflect")
    defends_the_machine_in_any_order(page)
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")
    assert "Chain verified" in page.locator(".badge").inner_text()
    assert page.locator("table.events tbody tr").count() == len(lab.events())
    assert [kind for kind, _ in lab.events()].count("prove") == 3
    watch.assert_stayed_home(lab.url)


def read_off(page: Page) -> dict[str, str]:
    """What the gauges say."""
    return {
        "factor": f"{100.0 / gauge(page, 'joules'):.4g}",
        "work": f"{gauge(page, 'work') / 100.0:.4g}",
        "footprint": f"{gauge(page, 'memory'):.4g}",
    }


def prove(page: Page, claims: dict[str, str], pays: str) -> str:
    """One attempt, and what the engine says of it."""
    tries = page.locator("[data-try]").count()
    for name, value in claims.items():
        page.fill(f"form[data-form=challenge] input[name={name}]", value)
    page.check(f"form[data-form=challenge] input[name=paid][value={pays}]")
    return handed_in(page, tries + 1)


def proved(page: Page, attempt: int) -> str | None:
    return page.locator(f"[data-try='{attempt}']").get_attribute("data-proved")


def a_draft_alone_is_refused_with_its_number(page: Page) -> None:
    assert gauge(page, "joules") == 100.0
    chosen(page, "draft", "frequent")
    press(page, "draft_len", "ArrowLeft")
    tab(page, "round")
    page.locator("[data-token]").nth(3).wait_for(state="attached")
    assert page.locator("[data-token]").count() == 4
    claims = read_off(page)
    assert float(claims["factor"]) == pytest.approx(most_by_draft("int8")[0], rel=0.02)
    assert float(claims["work"]) > 1.4
    said = prove(page, {**claims, "work": "0.6"}, "operations")
    assert proved(page, 1) == "false"
    assert "words for the joules of one, not 2" in said
    assert judged(page, "work") == "false"
    assert judged(page, "footprint") == "true"
    assert "5 of 6" in page.locator(".challenge-left").inner_text()


def too_many_experts_are_refused_with_their_bytes(page: Page) -> None:
    press(page, "experts", "End")
    tab(page, "curve")
    chosen(page, "curve", "experts")
    assert gauge(page, "memory") > 100.0
    assert "GB of 2" in prove(page, read_off(page), "bytes")
    assert proved(page, 2) == "false"


def all_three_are_accepted(page: Page) -> None:
    press(page, "draft_len", "ArrowLeft")
    press(page, "experts", "Home")
    press(page, "experts", "ArrowRight", 3)
    press(page, "width", "Home")
    chosen(page, "sparsity", "2:4")
    assert gauge(page, "joules") < 50.0
    said = prove(page, read_off(page), "bytes")
    assert proved(page, 3) == "true"
    assert "nobody has matched the quality" in said


def owed(page: Page) -> float:
    """What the machine is owed, as the page says it."""
    return number(page.locator("main").inner_text(), r"([\d.]+)\s*×\s*by the machine")


def defends_the_machine_in_any_order(page: Page) -> None:
    machine = owed(page)
    chosen(page, "order", "algorithm>fusion>precision")
    assert owed(page) == machine
    page.check("input[name=side][value=algorithm]")
    page.fill("input[name=factor]", "2")
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)
    assert judged(page, "side") == "false"
    page.check("input[name=side][value=machine]")
    page.fill("input[name=factor]", f"{machine:g}")
    defended(page)
