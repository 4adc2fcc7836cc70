"""A learner in a real browser: Part 2 of Mobile Nomad, a plan layer by layer, from the lock to the ledger."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from learner import Watch, after_view, at, defended, gauge, next_step, run, to_lock
from mobile_learner import FUSION, SENTENCE
from mobile_page import (
    TRACK,
    at_work,
    cannot_see_the_workbench_before_the_lock,
    judged,
    predict,
    watts,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocketRoute

    from learner import Lab, Look

pytestmark = pytest.mark.browser


def level(page: Page, name: str) -> None:
    after_view(page, lambda: page.select_option("[data-control=level]", name))


def on(page: Page, kind: str) -> int:
    """How many layers have it, as the switches stand."""
    return page.locator(f"[data-plan^='{kind}:']:checked").count()


def test_a_learner_fuses_or_narrows_layer_by_layer(page: Page, lab: Lab):
    watch = Watch(page.context, page)
    to_lock(page, lab.url, TRACK, 2)
    cannot_see_the_workbench_before_the_lock(page, watch)
    predict(page, FUSION)
    page.reload()
    at(page, "workbench")
    sees_a_plan_and_no_answer(page)
    throttles_and_goes_back(page)
    turns_a_network_by_keyboard(page)
    holds_and_is_the_best(page)
    next_step(page, "reveal")
    assert page.locator(".score-big b").inner_text() == "100\u202f%"
    next_step(page, "reflect")
    proposes_one_call_a_network(page)
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")
    assert page.locator("table.runs tbody tr").count() == 2
    assert "Chain verified" in page.locator(".badge").inner_text()
    watch.assert_stayed_home(lab.url)


def sees_a_plan_and_no_answer(page: Page) -> None:
    assert page.locator("[data-plan]").count() > 40
    assert on(page, "fuse") == on(page, "int8") == 0
    assert page.locator("[data-action=next]").count() == 0
    assert not page.locator(".il-th, [data-gauge]").first.is_visible()


def throttles_and_goes_back(page: Page) -> None:
    """Fused in fp16 all frames are in time, and the skin does not bear them."""
    level(page, "fusion")
    fused = on(page, "fuse")
    assert fused > 20
    assert on(page, "int8") == 0
    run(page)
    told = page.locator(".failure").inner_text()
    gauges = page.locator("[data-gauge=power]").inner_text()
    over = watts(told[told.index(" is ") :])
    asked, bears = (watts(part) for part in re.findall(r"[\d.]+\s[mµ]?W", gauges)[:2])
    assert over == pytest.approx(asked - bears, abs=0.011)
    assert "throttled" in page.locator("[data-run='1']").inner_text()
    assert watts(page.locator("[data-run='1'] .failed").inner_text()) == pytest.approx(over)
    assert gauge(page, "power") > 100.0
    assert page.locator("[data-tab=thermal]").get_attribute("aria-selected") == "true"
    assert page.locator(".il-th rect.il-th-held").count() >= 1
    after_view(page, lambda: page.click("[data-action=undo]"))
    assert on(page, "fuse") == 0
    assert page.locator(".runs-left").inner_text().startswith("9 ")  # a failed run counts


def turns_a_network_by_keyboard(page: Page) -> None:
    """A network is opened, one of its layers is turned, and then all of them at once."""
    level(page, "fusion")
    opens = page.locator("[data-network=OCR], [data-network=ocr]").first
    assert opens.get_attribute("aria-expanded") == "false"
    opens.focus()
    page.keyboard.press("Enter")
    assert opens.get_attribute("aria-expanded") == "true"
    one = page.locator("[data-plan^='int8:ocr']").first
    one.focus()
    after_view(page, lambda: page.keyboard.press("Space"))
    assert one.is_checked()
    assert page.evaluate("document.activeElement.dataset.plan") == one.get_attribute("data-plan")
    assert page.input_value("[data-control=level]") == "own"
    for network in ("OCR", "translator"):
        everything = page.get_by_role("button", name=re.compile(f"^int8.*all of {network}", re.I))
        after_view(page, everything.click)
    assert on(page, "int8") >= 20
    assert "1 of" not in page.locator(".plan-tally").inner_text().split("int8")[0]


def holds_and_is_the_best(page: Page) -> None:
    level(page, "both")
    run(page)
    assert not page.locator(".failure").is_visible()
    assert gauge(page, "power") < 100.0
    assert "best" in page.locator("[data-run='2']").inner_text()
    page.click("[data-tab=joules]")
    page.locator("[data-figure=joules] [data-row]").nth(2).wait_for()
    page.click("[data-tab=energy]")
    page.locator("[data-figure=energy] circle.il-before").wait_for()  # where it was


def proposes_one_call_a_network(page: Page) -> None:
    after_view(page, lambda: page.check("[data-control=launch][value=network]"))
    level(page, "both")
    share = page.locator("[data-limit=overhead] b").inner_text().rstrip("%\u202f ")
    warm = page.locator(".before-now tr", has_text="35 °C").locator(".now").inner_text()
    page.fill("input[name=overhead]", share)
    page.check("input[name=moved][value=launch]")
    page.fill("input[name=warm]", warm)
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)
    for question in ("overhead", "moved", "warm", "sentence"):
        assert judged(page, question) == "true", question


LOCKED = "int8:filter.0.depthwise"
REFUSED = "int8:filter.0.pointwise"
WHY = "this layer has no int8 kernel"


def with_a_lock(text: str) -> str:
    """A view in which a layer of the plan is locked, as the protocol allows and no plan of a track has it."""
    reply = json.loads(text)
    plan = reply.get("view", {}).get("content", {}).get("plan") or {"rows": []}
    for row in plan["rows"]:
        for cell in row["cells"]:
            if cell and cell["knob"] == LOCKED:
                cell.update(free=False, why=WHY)
    return json.dumps(reply)


def between(socket: WebSocketRoute) -> None:
    """The line to the engine, with a locked layer and a layer whose turn is refused."""
    server = socket.connect_to_server()

    def to_engine(text: str | bytes) -> None:
        message = json.loads(text)
        if REFUSED in message.get("knobs", {}):
            refusal = {"id": message["id"], "type": "error", "field": f"knobs.{REFUSED}"}
            socket.send(json.dumps({**refusal, "message": WHY}))
        else:
            server.send(text)

    socket.on_message(to_engine)
    server.on_message(lambda text: socket.send(with_a_lock(str(text))))


def test_a_layer_that_cannot_be_turned_says_why(page: Page, lab: Lab):
    page.route_web_socket("**/ws", between)
    at_work(page, lab.url, 2)
    lock = page.locator(f"[data-plan='{LOCKED}']")
    assert lock.get_attribute("aria-disabled") == "true"
    note = page.locator(f"#{lock.get_attribute('aria-describedby')}")
    assert note.inner_text().lower() == WHY
    lock.focus()
    page.keyboard.press("Space")
    lock.click(force=True)
    assert not lock.is_checked()
    refused = page.locator(f"[data-plan='{REFUSED}']")
    refused.focus()
    page.keyboard.press("Space")
    page.locator("[data-plan-row='filter.0.pointwise'] .problem", has_text=WHY).wait_for()
    assert not refused.is_checked()  # it stands where the engine has it
    assert page.evaluate("document.activeElement.dataset.plan") == REFUSED
    assert page.locator("[data-plan-row='filter.0.depthwise'] .problem").inner_text() == ""


def test_every_beat_of_the_plan_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    at_work(page, lab.url, 2)
    for network in page.locator("[data-network]").all()[1:]:
        network.click()
    examine()
    level(page, "fusion")
    run(page)
    page.click(".assumptions summary")
    examine()
    level(page, "both")
    run(page)
    for tab in ("roofline", "energy", "joules"):
        page.click(f"[data-tab={tab}]")
        examine()
    next_step(page, "reveal")
    examine()
    next_step(page, "reflect")
    examine()
